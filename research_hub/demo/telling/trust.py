"""Consent forms, who people are, contacts and thanks, how long things stay, requests for access, and who was let in."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from insights.capture.break_glass import ask_for_access, decide_on_access, end_access
from insights.capture.consent_forms import FormText, create_consent_form, write_new_version
from insights.capture.models import BreakGlass, Study
from insights.people.contacts import ContactDetails, IncentiveDetails, record_contact, record_incentive
from insights.people.models import ConsentForm, Member, Participant, Team
from insights.people.vault import Who, keep_identity
from insights.stewardship.models.subject_access import SubjectAccessRequest
from insights.stewardship.retention import set_rules
from insights.stewardship.subject_access import answer_request, log_request
from research_hub.demo import records
from research_hub.demo.telling.stage import Act, Part, Stage


def acts_of_trust(stage: Stage) -> Iterator[Act]:
    story = stage.story
    for paper in story.papers:
        written: list[ConsentForm] = []
        for number, version in enumerate(paper.versions):
            yield Act(version.day, Part.SESSION, partial(_write, stage, paper, number, written))
    yield from (Act(told.day, Part.HIGHLIGHT, partial(_keep, stage, told)) for told in story.identities)
    yield from (Act(told.day, Part.ANALYSIS, partial(_contact, stage, told)) for told in story.contacted)
    yield from (Act(told.day, Part.ANALYSIS, partial(_thank, stage, told)) for told in story.thanks)
    yield from (Act(told.day, Part.TALK, partial(_keep_for, stage, told)) for told in story.kept_for)
    for request in story.subject_requests:
        yield from _acts_of_request(stage, request)
    for let_in in story.let_in:
        yield from _acts_of_letting_in(stage, let_in)


def _acts_of_request(stage: Stage, told: records.SubjectRequest) -> Iterator[Act]:
    logged: list[SubjectAccessRequest] = []
    yield Act(told.day, Part.TALK, partial(_log, stage, told, logged))
    if told.answered_day is not None:
        yield Act(told.answered_day, Part.CLOSING, partial(_answer, stage, told, logged))


def _acts_of_letting_in(stage: Stage, let_in: records.LetIn) -> Iterator[Act]:
    asked: list[BreakGlass] = []
    for do in (_ask, _decide, _end):
        yield Act(let_in.day, Part.TALK, partial(do, stage, let_in, asked))


def _write(stage: Stage, paper: records.ConsentPaper, number: int, written: list[ConsentForm]) -> None:
    actor, version = _member(stage, paper.by), paper.versions[number]
    said = FormText(version.text, [scope.value for scope in version.scopes], version.months)
    if not written:
        study = stage.told.studies[paper.study]
        written.append(create_consent_form(stage.session, actor=actor, study=study, name=paper.name, said=said))
    else:
        write_new_version(stage.session, actor=actor, form=written[0], said=said, number=number)


def _keep(stage: Stage, told: records.Identity) -> None:
    who = Who(told.name, told.email, told.telephone)
    keep_identity(stage.session, actor=_member(stage, told.by), participant=_participant(stage, told), who=who)


def _contact(stage: Stage, told: records.Contacted) -> None:
    participant, study = _participant(stage, told), _study_of(stage, told)
    record_contact(
        stage.session,
        actor=_member(stage, told.by),
        participant=participant,
        study_id=study.id,
        team_id=study.team_id,
        details=ContactDetails(told.kind.value, told.channel.value, stage.on(told.day)),
    )


def _thank(stage: Stage, told: records.Thanks) -> None:
    participant, study = _participant(stage, told), _study_of(stage, told)
    record_incentive(
        stage.session,
        actor=_member(stage, told.by),
        participant=participant,
        study_id=study.id,
        team_id=study.team_id,
        details=IncentiveDetails(told.amount, told.currency, told.method, stage.on(told.day)),
    )


def _keep_for(stage: Stage, told: records.KeptFor) -> None:
    study = stage.told.studies[told.study]
    team = stage.session.get_one(Team, study.team_id)
    months = {told.data_class.value: told.months}
    set_rules(stage.session, actor=_member(stage, told.by), team=team, months=months, study=study)


def _log(stage: Stage, told: records.SubjectRequest, logged: list[SubjectAccessRequest]) -> None:
    participant, study = _participant(stage, told), _study_of(stage, told)
    day, actor = stage.on(told.day), _member(stage, told.by)
    logged.append(log_request(stage.session, actor=actor, participant=participant, study=study, received_on=day))


def _answer(stage: Stage, told: records.SubjectRequest, logged: list[SubjectAccessRequest]) -> None:
    actor, study = _member(stage, told.by), _study_of(stage, told)
    answer_request(stage.session, actor=actor, request=logged[0], study=study)


def _ask(stage: Stage, told: records.LetIn, asked: list[BreakGlass]) -> None:
    actor, study = _member(stage, told.by), stage.told.studies[told.study]
    asked.append(ask_for_access(stage.session, actor=actor, study_ref=study.ref, reason=told.reason, hours=told.hours))


def _decide(stage: Stage, told: records.LetIn, asked: list[BreakGlass]) -> None:
    actor = _member(stage, told.answered_by)
    decide_on_access(stage.session, actor=actor, glass=asked[0], approve=True, answer=told.answer)


def _end(stage: Stage, told: records.LetIn, asked: list[BreakGlass]) -> None:
    end_access(stage.session, actor=_member(stage, told.by), glass=asked[0])


def _member(stage: Stage, key: str) -> Member:
    return stage.told.members[key]


def _participant(stage: Stage, told: _OfSomebody) -> Participant:
    return stage.told.participants[told.participant]


def _study_of(stage: Stage, told: _OfSomebody) -> Study:
    return stage.session.get_one(Study, _participant(stage, told).study_id)


_OfSomebody = records.Identity | records.Contacted | records.Thanks | records.SubjectRequest
