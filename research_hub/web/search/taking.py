"""What of an answer leaves in a file: somebody's words only as they agreed to (docs/adr/0017)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.capture.inside import sessions_heard_by
from insights.capture.models import ResearchSession
from insights.coding.uses import sift_quotes
from insights.core.clock import today
from insights.people.models import ConsentScope
from insights.people.participants.gate import Use
from insights.people.participants.lacking import people_lacking
from research_hub.web.search.rows import numbers_of
from research_hub.web.words import count


@dataclass(frozen=True, slots=True)
class WordsToTakeAway:
    quotes_left_out: frozenset[str]
    sessions_left_out: frozenset[str]
    lines: tuple[str, ...]


def words_to_take_away(session: Session, refs: Sequence[str]) -> WordsToTakeAway:
    """Quotes that may not go at all, and sessions that are named without a word of theirs; three statements."""
    quotes = numbers_of(refs, "HL")
    sifted = sift_quotes(session, quotes, Use.TAKE_AWAY)
    lacking = sessions_heard_by(people_lacking((ConsentScope.QUOTE_ANONYMOUSLY,), today(session)))
    held = select(ResearchSession.id).where(ResearchSession.id.in_(numbers_of(refs, "SES")))
    silent = frozenset(f"SES-{number}" for number in session.scalars(held.where(ResearchSession.id.in_(lacking))))
    told = (
        [f"The words of {count(len(silent), 'session')} left out: “Be quoted” missing of who was heard"]
        if silent
        else []
    )
    return WordsToTakeAway(
        frozenset(f"HL-{number}" for number in quotes if number not in sifted.kept), silent, (*sifted.lines, *told)
    )
