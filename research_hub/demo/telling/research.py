"""Studies, the sessions held in them, and the passages marked in what was said."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from sqlalchemy import select

from insights.capture.models import ResearchSession, Sensitivity, SessionStatus, SourceText, StudyStatus, TextVersion
from insights.capture.operations import (
    ReportDetails,
    create_study,
    edit_study,
    import_report,
    log_research_session,
    set_study_access,
)
from insights.capture.plans import record_prior_work
from insights.coding.operations import highlight_passage
from insights.core.activity import record, touch
from insights.core.errors import RuleBroken
from insights.core.text import split_front_matter
from insights.people.operations import find_or_add_participant
from research_hub.demo import records
from research_hub.demo.story import DEMO_FOLDER
from research_hub.demo.telling.looking_through import look_through
from research_hub.demo.telling.stage import Act, Part, Stage


def acts_of_research(stage: Stage) -> Iterator[Act]:
    story = stage.story
    days = {session.key: session.day for session in story.sessions}
    for study in story.studies:
        yield Act(study.start_day, Part.STUDY, partial(_start_study, stage, study))
        if study.end_day is not None:
            yield Act(study.end_day, Part.CLOSING, partial(_end_study, stage, study))
    for session in story.sessions:
        yield Act(session.day, Part.SESSION, partial(_hold_session, stage, session))
    for highlight in story.highlights:
        yield Act(days[highlight.session], Part.HIGHLIGHT, partial(_highlight, stage, highlight))
    for session in story.sessions:
        if session.status is SessionStatus.CODED and session.participants:
            yield Act(session.day, Part.HIGHLIGHT, partial(_mark_coded, stage, session))


def _start_study(stage: Stage, study: records.Study) -> None:
    told, lead = stage.told, stage.told.members[study.lead]
    stored = create_study(
        stage.session,
        actor=lead,
        title=study.title,
        question=study.question,
        methods=study.methods,
        service=told.services[study.service],
        starts_on=stage.on(study.start_day),
        status=study.status if study.end_day is None else StudyStatus.IN_FIELD,
        restricted=study.sensitivity == "restricted",
    )
    stored.dpia_reference, stored.goals = study.dpia, list(study.goals)
    # Every study of the story is of a public body, about a service, and shares nothing with anybody.
    stored.lawful_basis, stored.sharing_agreement = "public task", "none"
    stored.sensitivity = Sensitivity.SPECIAL_CATEGORY
    record_prior_work(stage.session, actor=lead, study=stored, note=study.prior_work)
    told.studies[study.key] = stored
    if study.named_members:
        named = [told.members[key] for key in study.named_members]
        set_study_access(stage.session, actor=lead, study=stored, restricted=True, named=named)
    for person in stage.story.participants:
        if person.study == study.key:
            _add_participant(stage, person)


def _add_participant(stage: Stage, person: records.Participant) -> None:
    attributes = {
        "access_need": person.access_need,
        "assistive_technology": person.assistive_technology,
        "digital_confidence": person.digital_confidence,
        "language": person.language,
    }
    stage.told.participants[person.code] = find_or_add_participant(
        stage.session,
        actor=stage.told.members[next(one.lead for one in stage.story.studies if one.key == person.study)],
        study_id=stage.told.studies[person.study].id,
        code=person.code,
        group=person.group,
        attributes={name: value for name, value in attributes.items() if value is not None},
    )


def _end_study(stage: Stage, study: records.Study) -> None:
    stored = stage.told.studies[study.key]
    edit_study(
        stage.session,
        actor=stage.told.members[study.lead],
        study=stored,
        title=stored.title,
        question=stored.question,
        methods=study.methods,
        service=stage.told.services[study.service],
        starts_on=stored.starts_on,
        ends_on=stage.day_or_none(study.end_day),
        status=study.status,
    )


def _hold_session(stage: Stage, session: records.SessionRecord) -> None:
    """What was heard from people is a session; what was read or counted is a report that stands for itself."""
    path = DEMO_FOLDER / "sources" / session.source
    content = path.read_bytes()
    stage.files.keep(content)
    # The original keeps its front matter; readers begin where people speak.
    text = split_front_matter(stage.story.texts[session.key]).body
    log = _log_session if session.participants else _import_report
    stage.told.sources[session.key] = log(stage, session, text, (path.name, content))


def _log_session(stage: Stage, session: records.SessionRecord, text: str, original: tuple[str, bytes]) -> SourceText:
    told = stage.told
    held = log_research_session(
        stage.session,
        actor=told.members[session.moderator],
        study=told.studies[session.study],
        held_on=stage.on(session.day),
        notes=text,
        title=session.title,
        method=session.method,
        moderator=told.members[session.moderator].name,
        observers=", ".join(told.members[key].name for key in session.observers),
        participants=session.participants,
        original=original,
        minutes=session.minutes,
        channel=session.channel,
    )
    source = stage.session.scalars(select(SourceText).where(SourceText.research_session_id == held.id)).one()
    look_through(stage, actor=told.members[session.moderator], source=source, study=told.studies[session.study])
    return source


def _import_report(stage: Stage, session: records.SessionRecord, text: str, original: tuple[str, bytes]) -> SourceText:
    name, content = original
    source = import_report(
        stage.session,
        actor=stage.told.members[session.moderator],
        study=stage.told.studies[session.study],
        details=ReportDetails(
            title=session.title, original_name=name, dated_on=stage.on(session.day), method=session.method
        ),
        text=text,
        original=content,
    )
    if source is None:
        raise RuleBroken(f"The source of “{session.key}” stands twice in its study; remove one from studies.yaml.")
    return source


def _highlight(stage: Stage, highlight: records.Highlight) -> None:
    told = stage.told
    source = told.sources[highlight.session]
    moderator = next(session.moderator for session in stage.story.sessions if session.key == highlight.session)
    version = stage.session.get_one(TextVersion, source.current_version_id)
    start = version.text.index(highlight.exact)
    told.highlights[highlight.key] = highlight_passage(
        stage.session,
        actor=told.members[moderator],
        source=source,
        start=start,
        end=start + len(highlight.exact),
        tags=highlight.tags,
        polarity=highlight.polarity,
        participant=told.participants[highlight.participant] if highlight.participant else None,
    )


def _mark_coded(stage: Stage, session: records.SessionRecord) -> None:
    source = stage.told.sources[session.key]
    moderator = stage.told.members[session.moderator]
    held = stage.session.get_one(ResearchSession, source.research_session_id)
    held.status = SessionStatus.CODED
    touch(stage.session, moderator, held)
    record(stage.session, moderator, "coded", held)
