"""The one question asked at every use of what somebody said: may this be used so, now (docs/adr/0017)?

    allowed(session, highlight, Use.TAKE_AWAY)        whether
    hindrances(session, recording, Use.PLAY)          why not, with the missing scope and the participant's code
    sift_quotes(session, ids, Use.TAKE_AWAY)          of many, which, and what to say of the others

What is left out is always told by number and missing scope, in the file itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.capture.models import Recording, ResearchSession, SourceText, session_participants
from insights.coding.models import Highlight
from insights.coding.quote_consent import Hindrance, quote_consents
from insights.core.clock import local_day, now
from insights.people.models import Consent, Participant
from insights.people.participants.consents import SCOPES, ConsentFact, standing_of
from insights.people.participants.gate import Use, missing_in_words, missing_scopes


def allowed(
    session: Session,
    artefact: Highlight | Recording | SourceText | ResearchSession | Participant,
    use: Use,
    at: datetime | None = None,
) -> bool:
    return not hindrances(session, artefact, use, at)


def hindrances(
    session: Session,
    artefact: Highlight | Recording | SourceText | ResearchSession | Participant,
    use: Use,
    at: datetime | None = None,
) -> tuple[Hindrance, ...]:
    """Everything in the way at that moment; without one, now."""
    if isinstance(artefact, Highlight):
        return quote_consents(session, [artefact.id], use, at)[artefact.id].hindrances
    if isinstance(artefact, Participant):
        return _of_people(session, [artefact.id], use, at)
    return hindrances_of_sessions(session, [_session_of(session, artefact)], use, at)


def hindrances_of_sessions(
    session: Session, session_ids: Iterable[int | None], use: Use, at: datetime | None = None
) -> tuple[Hindrance, ...]:
    """Of everybody who was heard in them; two statements."""
    present = session_participants.c
    held = [number for number in session_ids if number is not None]
    people = session.scalars(select(present.participant_id).where(present.research_session_id.in_(held)))
    return _of_people(session, sorted(set(people)), use, at)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """`why` reads on from the number: '“Be quoted” missing of P-4821'."""

    count: int
    why: str

    @property
    def in_words(self) -> str:
        return f"{self.count} {'quote' if self.count == 1 else 'quotes'} left out: {self.why}"


@dataclass(frozen=True, slots=True)
class Sifted:
    kept: frozenset[int]
    left_out: tuple[LeftOut, ...] = ()

    @property
    def lines(self) -> tuple[str, ...]:
        return tuple(each.in_words for each in self.left_out)


def sift_quotes(session: Session, highlight_ids: Collection[int], use: Use, at: datetime | None = None) -> Sifted:
    """Of these quotes those that may be used so; two statements, however many."""
    found = quote_consents(session, sorted(set(highlight_ids)), use, at) if highlight_ids else {}
    whys = Counter(in_short(each.hindrances) for each in found.values() if not each.allowed)
    kept = frozenset(number for number, each in found.items() if each.allowed)
    return Sifted(kept, tuple(LeftOut(number, why) for why, number in sorted(whys.items())))


def in_short(found: Iterable[Hindrance]) -> str:
    """'“Be quoted” missing of P-4821; P-7 withdrew from the study'."""
    return "; ".join(dict.fromkeys(_short(each) for each in found))


def _short(hindrance: Hindrance) -> str:
    if not hindrance.missing:
        return hindrance.why.rstrip(".")
    names = " and ".join(f"“{SCOPES[scope][0]}”" for scope in hindrance.missing)
    return f"{names} missing of {hindrance.code}"


def _session_of(session: Session, artefact: Recording | SourceText | ResearchSession) -> int | None:
    match artefact:
        case ResearchSession():
            return artefact.id
        case SourceText():
            return artefact.research_session_id
        case Recording():
            return session.get_one(SourceText, artefact.source_text_id).research_session_id


def _of_people(
    session: Session, participant_ids: Collection[int], use: Use, at: datetime | None
) -> tuple[Hindrance, ...]:
    on = local_day(at or now(session))
    rows = session.execute(
        select(Participant, Consent)
        .outerjoin(Consent, Consent.participant_id == Participant.id)
        .where(Participant.id.in_(participant_ids))
        .order_by(Participant.code, Consent.id)
    )
    people: dict[Participant, list[ConsentFact]] = {}
    for person, consent in rows:
        known = people.setdefault(person, [])
        if consent is not None:
            known.append(ConsentFact.of(consent))
    found = []
    for person, consents in people.items():
        standing = standing_of(consents, on)
        missing = missing_scopes(standing, use)
        if person.withdrawn_at is not None:
            found.append(Hindrance(f"{person.code} withdrew from the study.", (), person.code, person.ref))
        elif missing:
            why = f"{person.code}: {missing_in_words(standing, use)}."
            found.append(Hindrance(why, missing, person.code, person.ref))
    return tuple(found)
