"""Whether a quote may be used as somebody means to: the one gate before everything that leaves (B3, beyond.md 14).

Asked for a quote, a use and a moment, it answers with everything that stands in the way, each with the missing scope:

* Words of somebody who is named on the quote need that person's consent; a quote that names nobody needs the consent
  of everybody who took part in its session. Where nobody is listed, nobody can have agreed, and the quote stays inside.
* A report or a document belongs to no session, so that there is nobody to ask. It may be shared with other public
  bodies; it may be published where the report itself is public, that is where it has an address, or where somebody
  has looked it through for personal data.
* A restricted study is for the people it names: nothing of it is shared or published, whatever was agreed to.
* A quote that was dropped or withdrawn, whose text or session is gone, or whose speaker withdrew may not be used.

Two statements, however many quotes are asked about.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeAlias

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from insights.capture.models import (
    PersonalDataReview,
    ResearchSession,
    SessionStatus,
    SourceText,
    Study,
    session_participants,
)
from insights.coding.models import Highlight, HighlightStatus
from insights.core.clock import local_day, now
from insights.people.models import Consent, ConsentScope, Participant
from insights.people.participants.consents import ConsentFact, standing_of
from insights.people.participants.gate import INSIDE, Use, missing_in_words, missing_scopes

_GONE = {HighlightStatus.DROPPED, HighlightStatus.WITHDRAWN}
_OVER = {SessionStatus.WITHDRAWN, SessionStatus.PURGED}
HighlightIds: TypeAlias = Collection[int] | Select[Any]


@dataclass(frozen=True, slots=True)
class Hindrance:
    """One reason why a quote may not be used. `code` names the participant by code, '' where it is about nobody.

    `by_consent` says whether asking somebody again could put it right; `hides_study` that the study itself is hidden.
    """

    why: str
    missing: tuple[ConsentScope, ...] = ()
    code: str = ""
    participant_ref: str = ""
    hides_study: bool = False

    @property
    def by_consent(self) -> bool:
        return bool(self.missing)


@dataclass(frozen=True, slots=True)
class QuoteConsent:
    highlight_id: int
    use: Use
    hindrances: tuple[Hindrance, ...] = ()

    @property
    def allowed(self) -> bool:
        return not self.hindrances

    @property
    def missing(self) -> tuple[ConsentScope, ...]:
        """Every scope that somebody has still to agree to, once each, in the order of the form."""
        asked = {scope for each in self.hindrances for scope in each.missing}
        return tuple(scope for scope in ConsentScope if scope in asked)


@dataclass(frozen=True, slots=True)
class _Person:
    id: int
    code: str
    withdrew: bool


def allowed(session: Session, highlight_id: int, use: Use, at: datetime | None = None) -> bool:
    """Whether the quote may be used so at that moment; without one, now."""
    return quote_consents(session, [highlight_id], use, at)[highlight_id].allowed


def missing_scope(
    session: Session, highlight_id: int, use: Use, at: datetime | None = None
) -> tuple[ConsentScope, ...]:
    """The scopes that somebody has still to agree to; empty also where something else than consent is in the way."""
    return quote_consents(session, [highlight_id], use, at)[highlight_id].missing


def quote_consents(
    session: Session, highlight_ids: HighlightIds, use: Use, at: datetime | None = None
) -> Mapping[int, QuoteConsent]:
    """The answer for each quote that exists, and for ids that were given and lead nowhere a refusal."""
    on = local_day(at or now(session))
    facts = {row.id: row for row in session.execute(_quotes(highlight_ids))}
    people = _people(session, highlight_ids)
    given = facts if isinstance(highlight_ids, Select) else highlight_ids
    return {
        number: QuoteConsent(number, use, _hindrances(facts.get(number), people.get(number, {}), use, on))
        for number in given
    }


def _hindrances(
    quote: Row[*tuple[Any, ...]] | None, people: Mapping[_Person, list[ConsentFact]], use: Use, on: date
) -> tuple[Hindrance, ...]:
    if quote is None or quote.status in _GONE or quote.source_gone is not None:
        return (Hindrance("The quote is no longer there."),)
    if quote.session_gone is not None or quote.session_status in _OVER:
        return (Hindrance("Its session was deleted or withdrawn."),)
    if quote.restricted and use in {Use.SHARE, Use.PUBLISH}:
        return (Hindrance("Its study is restricted to the people it names.", hides_study=True),)
    if people:
        return tuple(each for each in (_of_person(*item, use, on) for item in people.items()) if each is not None)
    return _without_people(quote, use)


def _without_people(quote: Row[*tuple[Any, ...]], use: Use) -> tuple[Hindrance, ...]:
    if use in INSIDE:
        return ()
    if quote.research_session_id is not None:
        return (Hindrance("Nobody is listed in its session, so that nobody can have agreed. List who took part."),)
    if use is Use.PUBLISH and not quote.url and quote.personal_data_review is not PersonalDataReview.REVIEWED:
        return (
            Hindrance("It comes from a report without a public address. Give the report its address, or leave it out."),
        )
    return ()


def _of_person(person: _Person, consents: list[ConsentFact], use: Use, on: date) -> Hindrance | None:
    ref = f"{Participant.PREFIX}-{person.id}"
    if person.withdrew:
        return Hindrance(f"{person.code} withdrew from the study.", (), person.code, ref)
    standing = standing_of(consents, on)
    missing = missing_scopes(standing, use)
    if not missing:
        return None
    return Hindrance(f"{person.code}: {missing_in_words(standing, use)}.", missing, person.code, ref)


def _quotes(highlight_ids: HighlightIds) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Highlight.id,
            Highlight.status,
            Highlight.research_session_id,
            Study.restricted,
            SourceText.deleted_at.label("source_gone"),
            SourceText.url,
            SourceText.personal_data_review,
            ResearchSession.deleted_at.label("session_gone"),
            ResearchSession.status.label("session_status"),
        )
        .join(Study, Study.id == Highlight.study_id)
        .join(SourceText, SourceText.id == Highlight.source_text_id)
        .outerjoin(ResearchSession, ResearchSession.id == Highlight.research_session_id)
        .where(Highlight.id.in_(highlight_ids))
        .order_by(Highlight.id)
    )


def _people(session: Session, highlight_ids: HighlightIds) -> Mapping[int, dict[_Person, list[ConsentFact]]]:
    present = session_participants.c
    who = func.coalesce(Highlight.participant_id, present.participant_id)
    rows = session.execute(
        select(Highlight.id, Participant.id, Participant.code, Participant.withdrawn_at, Consent)
        .outerjoin(
            session_participants,
            (present.research_session_id == Highlight.research_session_id) & Highlight.participant_id.is_(None),
        )
        .join(Participant, Participant.id == who)
        .outerjoin(Consent, (Consent.participant_id == Participant.id) & (Consent.study_id == Highlight.study_id))
        .where(Highlight.id.in_(highlight_ids))
        .order_by(Highlight.id, Participant.code, Consent.id)
    )
    found: dict[int, dict[_Person, list[ConsentFact]]] = defaultdict(dict)
    facts: dict[int, ConsentFact] = {}
    for highlight_id, person_id, code, withdrawn_at, consent in rows:
        known = found[highlight_id].setdefault(_Person(person_id, code, withdrawn_at is not None), [])
        if consent is not None:
            # Whoever said much is met in many rows.
            if consent.id not in facts:
                facts[consent.id] = ConsentFact.of(consent)
            known.append(facts[consent.id])
    return found
