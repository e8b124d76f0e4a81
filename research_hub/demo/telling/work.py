"""Plans, hypotheses, targets and consents, and which colleagues were at which session."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from io import BytesIO

from insights.capture.attendance import record_attendance
from insights.capture.consents import ConsentDetails, record_consent, withdraw_consent
from insights.capture.inclusion import set_inclusion_target
from insights.capture.models import AttendanceRole, Hypothesis, ResearchSession
from insights.capture.plans import add_hypothesis, judge_hypothesis, write_plan
from insights.capture.templates import ensure_shipped_templates
from insights.people.models import Consent, Member, Participant
from insights.people.vault.files import Closed, close_into, ready_for_paper
from research_hub.demo import records
from research_hub.demo.order import FIRST_DAY
from research_hub.demo.telling.stage import Act, Part, Stage


def acts_of_work(stage: Stage) -> Iterator[Act]:
    story = stage.story
    starts = {study.key: study.start_day for study in story.studies}
    yield Act(FIRST_DAY, Part.OPENING, partial(ensure_shipped_templates, stage.session))
    for plan in story.plans:
        yield Act(starts[plan.study], Part.SESSION, partial(_plan, stage, plan))
    for target in story.targets:
        yield Act(starts[target.study], Part.SESSION, partial(_aim, stage, target))
    for hypothesis in story.hypotheses:
        stored: list[Hypothesis] = []
        yield Act(starts[hypothesis.study], Part.SESSION, partial(_suppose, stage, hypothesis, stored))
        if hypothesis.judged_day is not None:
            yield Act(hypothesis.judged_day, Part.INSIGHT, partial(_judge, stage, hypothesis, stored))
    for session in story.sessions:
        if session.participants:
            yield Act(session.day, Part.HIGHLIGHT, partial(_attend, stage, session))
    yield from _acts_of_consent(stage)


def _acts_of_consent(stage: Stage) -> Iterator[Act]:
    for consent in stage.story.consents:
        given: list[Consent] = []
        yield Act(consent.day, Part.HIGHLIGHT, partial(_agree, stage, consent, given))
        if consent.withdrawn_day is not None:
            yield Act(consent.withdrawn_day, Part.ANSWER, partial(_take_back, stage, consent, given))


def _lead(stage: Stage, study: str) -> Member:
    return stage.told.members[next(one.lead for one in stage.story.studies if one.key == study)]


def _plan(stage: Stage, plan: records.Plan) -> None:
    study = stage.told.studies[plan.study]
    write_plan(
        stage.session,
        actor=_lead(stage, plan.study),
        study=study,
        question=study.question,
        goals=[str(goal) for goal in study.goals],
        plan=plan.text,
    )


def _aim(stage: Stage, target: records.Target) -> None:
    set_inclusion_target(
        stage.session,
        actor=_lead(stage, target.study),
        study=stage.told.studies[target.study],
        attribute=target.attribute,
        value=target.value,
        target=target.target,
    )


def _suppose(stage: Stage, hypothesis: records.Hypothesis, stored: list[Hypothesis]) -> None:
    study = stage.told.studies[hypothesis.study]
    actor = _lead(stage, hypothesis.study)
    stored.append(add_hypothesis(stage.session, actor=actor, study=study, statement=hypothesis.statement))


def _judge(stage: Stage, hypothesis: records.Hypothesis, stored: list[Hypothesis]) -> None:
    judge_hypothesis(
        stage.session,
        actor=_lead(stage, hypothesis.study),
        hypothesis=stored[0],
        study=stage.told.studies[hypothesis.study],
        statement=hypothesis.statement,
        verdict="" if hypothesis.verdict is None else hypothesis.verdict.value,
        rationale=hypothesis.rationale,
    )


def _agree(stage: Stage, consent: records.Consent, given: list[Consent]) -> None:
    details = ConsentDetails(
        given_on=stage.on(consent.day),
        scopes=[scope.value for scope in consent.scopes],
        form_version=consent.form_version,
        channel=consent.channel,
        expires_on=stage.day_or_none(consent.expires_day),
    )
    for code in consent.participants:
        person = stage.told.participants[code]
        given.append(
            record_consent(
                stage.session,
                actor=_lead(stage, consent.study),
                participant=person,
                study=stage.told.studies[consent.study],
                details=details,
                paper=_paper(stage, consent, person) if consent.with_form else None,
            )
        )


def _take_back(stage: Stage, consent: records.Consent, given: list[Consent]) -> None:
    for each in given:
        withdraw_consent(
            stage.session,
            actor=_lead(stage, consent.study),
            consent=each,
            study=stage.told.studies[consent.study],
            on=stage.day_or_none(consent.withdrawn_day),
            scopes=[scope.value for scope in consent.withdrawn_scopes],
        )


def _attend(stage: Stage, session: records.SessionRecord) -> None:
    """The moderator and everybody who watched, for as long as it took."""
    source = stage.told.sources[session.key]
    held = stage.session.get_one(ResearchSession, source.research_session_id)
    roles = dict.fromkeys(session.observers, AttendanceRole.OBSERVER) | {session.moderator: AttendanceRole.MODERATOR}
    for key, role in roles.items():
        record_attendance(
            stage.session,
            actor=stage.told.members[session.moderator],
            research_session=held,
            study=stage.told.studies[session.study],
            member=stage.told.members[key],
            role=role,
        )


def _paper(stage: Stage, consent: records.Consent, person: Participant) -> Closed:
    """A form that nobody signed: it shows where a real one would be."""
    lines = [
        "Consent form of the demonstration. Nobody signed it; nobody real stands behind the code.",
        f"Version {consent.form_version}",
        *(f"[x] {scope.value.replace('_', ' ')}" for scope in consent.scopes),
    ]
    return close_into(stage.files, BytesIO("\n".join(lines).encode()), ready_for_paper(stage.session, person.id))
