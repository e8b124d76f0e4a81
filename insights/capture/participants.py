"""Changes to the participants of a study: entering many, describing, renaming, taking out (features.md B6).

A participant's code stands in notes and transcripts as somebody wrote it; no change here touches those texts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from insights.capture.models import ResearchSession, Study, session_participants
from insights.core.activity import add, record, touch
from insights.core.checks import optional_line
from insights.core.clock import now
from insights.core.concurrency import refuse_stale
from insights.core.errors import InvalidInput, RuleBroken
from insights.people.models import Member, Participant
from insights.people.operations import require_same_area
from insights.people.operations.participants import (
    draw_code,
    participant_by_code,
    refuse_erased,
    refuse_withdrawn_code,
    tidy_code,
)
from insights.people.participants import ATTRIBUTES, GROUP, attribute_label, personal_hint, tidy_attributes

MOST_AT_ONCE = 200
LONGEST_GROUP = 200


@dataclass(frozen=True, slots=True)
class Person:
    """One participant to enter: a code or '' to draw one, and what is known of them by attribute key."""

    code: str = ""
    group: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Entered:
    """Who was new, and who was there already and was described further or left as they were."""

    new: tuple[Participant, ...]
    known: tuple[Participant, ...]


def add_participants(
    session: Session, *, actor: Member, study: Study, people: Sequence[Person], confirmed: bool = False
) -> Entered:
    """Enters people, each once; of those who are there already only what was not known yet is filled in.

    Raises InvalidInput where a value looks like a name or a contact and nobody said that it is none (`confirmed`).
    """
    require_same_area(session, actor, study.team_id)
    if not people:
        raise InvalidInput.of("codes", "Enter at least one code, or how many to draw.")
    if len(people) > MOST_AT_ONCE:
        raise InvalidInput.of("codes", f"Enter {MOST_AT_ONCE} people at most at once; there are {len(people):,}.")
    tidied = [_tidy(person) for person in people]
    _ask_about(tidied, confirmed=confirmed)
    new: list[Participant] = []
    known: list[Participant] = []
    for person in tidied:
        found = participant_by_code(session, study.id, tidy_code(person.code)) if person.code else None
        if found is None:
            new.append(_enter(session, actor, study, person))
        elif found not in new and found not in known:
            _fill_in(session, actor, found, person)
            known.append(found)
    return Entered(tuple(new), tuple(known))


def describe_participant(
    session: Session,
    *,
    actor: Member,
    participant: Participant,
    study: Study,
    group: str,
    attributes: Mapping[str, str],
    confirmed: bool = False,
    row_version: int | None = None,
) -> None:
    """Replaces group and attributes; an empty value takes one away."""
    require_same_area(session, actor, study.team_id)
    refuse_erased(session, participant)
    person = _tidy(Person(participant.code, group, attributes))
    _ask_about([Person("", person.group, person.attributes)], confirmed=confirmed)
    refuse_stale(participant, row_version, {"group": person.group, "attributes": dict(person.attributes)})
    participant.group, participant.attributes = person.group, dict(person.attributes)
    touch(session, actor, participant)
    sessions = _session_refs(session, participant)
    record(session, actor, "described", participant, touches=sessions, detail={"confirmed": confirmed})


def rename_participant(
    session: Session, *, actor: Member, participant: Participant, study: Study, code: str, confirmed: bool = False
) -> None:
    """Gives another code. What notes and transcripts call them stays as it was written."""
    require_same_area(session, actor, study.team_id)
    refuse_erased(session, participant)
    new = tidy_code(code)
    if not new:
        raise InvalidInput.of("code", "Enter the new code.")
    if new == participant.code:
        return
    if hint := personal_hint(code.strip()):
        _ask("code", "The code", hint, confirmed=confirmed)
    taken = select(Participant.id).where(Participant.study_id == participant.study_id, Participant.code == new)
    if session.scalar(taken) is not None:
        raise InvalidInput.of(
            "code", f"{new} is or was somebody else in this study. Choose another code, or merge the two."
        )
    before, participant.code = participant.code, new
    touch(session, actor, participant)
    record(session, actor, "renamed", participant, detail={"before": before, "after": new})


def set_participant_removed(
    session: Session, *, actor: Member, participant: Participant, study: Study, removed: bool
) -> None:
    """Takes out somebody who was entered by mistake, or brings them back. Raises RuleBroken for one who was heard."""
    require_same_area(session, actor, study.team_id)
    refuse_erased(session, participant)
    held = select(func.count()).where(session_participants.c.participant_id == participant.id)
    if removed and (number := session.scalar(held)):
        raise RuleBroken(
            f"{participant.code} takes part in {number} session{'' if number == 1 else 's'}, so they stay. "
            "Take them out of those sessions first, or merge them with another code."
        )
    participant.removed_at = now(session) if removed else None
    touch(session, actor, participant)
    record(session, actor, "removed" if removed else "restored", participant, touches=[study.ref])


def _tidy(person: Person) -> Person:
    group = optional_line(GROUP, person.group, label="the group", longest=LONGEST_GROUP)
    # What looks like a contact in a code is asked about before it is put into capital letters.
    return Person(person.code.strip(), group, tidy_attributes(person.attributes))


def _ask_about(people: Sequence[Person], *, confirmed: bool) -> None:
    suggested = {value for attribute in ATTRIBUTES for value in attribute.suggestions}
    for person in people:
        if hint := personal_hint(person.code):
            _ask("codes", f"“{person.code}”", hint, confirmed=confirmed)
        for key, value in ((GROUP, person.group), *person.attributes.items()):
            if value not in suggested and (hint := personal_hint(value)):
                _ask(key, f"{attribute_label(key)} “{value}”", hint, confirmed=confirmed)


def _ask(field: str, what: str, hint: str, *, confirmed: bool) -> None:
    if not confirmed:
        raise InvalidInput.of(
            field, f"{what} looks like {hint}. Leave it out, or tick that it is no personal data and send again."
        )


def _enter(session: Session, actor: Member, study: Study, person: Person) -> Participant:
    refuse_withdrawn_code(session, study.id, tidy_code(person.code))
    participant = Participant(
        study_id=study.id,
        code=tidy_code(person.code) or draw_code(session, study.id),
        group=person.group,
        attributes=dict(person.attributes),
    )
    add(session, actor, participant)
    record(session, actor, "added", participant, touches=[study.ref])
    return participant


def _fill_in(session: Session, actor: Member, participant: Participant, person: Person) -> None:
    group = participant.group or person.group
    attributes = {**person.attributes, **participant.attributes}
    if (group, attributes, None) == (participant.group, participant.attributes, participant.removed_at):
        return
    participant.group, participant.attributes, participant.removed_at = group, attributes, None
    touch(session, actor, participant)
    record(session, actor, "described", participant, touches=_session_refs(session, participant))


def _session_refs(session: Session, participant: Participant) -> list[str]:
    ids = select(session_participants.c.research_session_id).where(
        session_participants.c.participant_id == participant.id
    )
    return [f"{ResearchSession.PREFIX}-{number}" for number in session.scalars(ids)]
