"""How often one person may be asked: a figure of each team, counted over every code that the same person has."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from insights.core.activity import record, touch
from insights.core.errors import InvalidInput
from insights.people.models import Contact, ContactKind, Identity, IdentityMark, Member, Participant, Team
from insights.people.operations.areas import require_area_administrator
from insights.people.vault.marks import MarkKind

SETTING = "contact_cap"
_MOST_INVITATIONS, _MOST_DAYS = 100, 3_650


@dataclass(frozen=True, slots=True)
class ContactCap:
    """At most so many invitations in so many days; our own figures are an opinion that a team changes."""

    invitations: int = 3
    days: int = 180

    def in_words(self) -> str:
        times = "1 invitation" if self.invitations == 1 else f"{self.invitations} invitations"
        return f"{times} in {'1 day' if self.days == 1 else f'{self.days} days'}"


def cap_of(team: Team | None) -> ContactCap:
    kept = {} if team is None else team.settings.get(SETTING) or {}
    ours = ContactCap()
    return ContactCap(int(kept.get("invitations", ours.invitations)), int(kept.get("days", ours.days)))


def set_cap(session: Session, *, actor: Member, team: Team, cap: ContactCap) -> None:
    """An area sets its own figure (features.md L7)."""
    require_area_administrator(actor, team.id)
    if not 1 <= cap.invitations <= _MOST_INVITATIONS:
        raise InvalidInput.of("invitations", f"Enter how many invitations, from 1 to {_MOST_INVITATIONS}.")
    if not 1 <= cap.days <= _MOST_DAYS:
        raise InvalidInput.of("days", f"Enter how many days, from 1 to {_MOST_DAYS:,}.")
    team.settings = {**team.settings, SETTING: {"invitations": cap.invitations, "days": cap.days}}
    touch(session, actor, team)
    record(session, actor, "configured", team, detail={SETTING: team.settings[SETTING]})


def invitations_within(session: Session, participant: Participant, *, days: int, until: date) -> int:
    """Invitations of the last `days` days, the day itself included, under any code of the same person.

    Two codes are the same person where they share an e-mail address or a telephone number; the marks are compared and
    nothing is opened. Codes that were made one count together.
    """
    people = codes_of_person(session, participant)
    query = select(func.count(Contact.id)).where(
        Contact.participant_id.in_(people),
        Contact.kind == ContactKind.INVITED,
        Contact.on > until - timedelta(days=days),
        Contact.on <= until,
    )
    return session.scalar(query) or 0


def codes_of_person(session: Session, participant: Participant) -> list[int]:
    """Ids of all participants who are known to be the same person, in whatever study."""
    own = [participant.id, *_merged_into(session, [participant.id])]
    marks = (
        select(IdentityMark.mark)
        .join(Identity, Identity.id == IdentityMark.identity_id)
        .where(Identity.participant_id.in_(own), IdentityMark.kind != MarkKind.WORD.value)
    )
    others = session.scalars(
        select(Identity.participant_id)
        .join(IdentityMark, IdentityMark.identity_id == Identity.id)
        .where(IdentityMark.mark.in_(marks), IdentityMark.kind != MarkKind.WORD.value)
        .distinct()
    )
    found = {*own, *others}
    leads = session.scalars(
        select(Participant.merged_into_id).where(Participant.id.in_(found), Participant.merged_into_id.is_not(None))
    )
    found |= {number for number in leads if number is not None}
    return sorted(found | set(_merged_into(session, sorted(found))))


def _merged_into(session: Session, numbers: list[int]) -> list[int]:
    query = select(Participant.id).where(Participant.merged_into_id.in_(numbers))
    return list(session.scalars(query))
