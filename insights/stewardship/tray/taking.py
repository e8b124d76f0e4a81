"""What of a tray or a collection leaves in a file: quotes only as their speakers agreed (docs/adr/0017)."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from insights.coding.models import Highlight
from insights.coding.uses import sift_quotes
from insights.core.base import number_of
from insights.people.participants.gate import Use
from insights.stewardship.tray.row import GatheredRow


def taken_away(session: Session, records: Sequence[GatheredRow]) -> tuple[frozenset[str], tuple[str, ...]]:
    """The refs that may go, and a line for what is left out of them; two statements."""
    quotes = {each.ref: number_of(each.ref, Highlight.PREFIX) for each in records}
    sifted = sift_quotes(session, [number for number in quotes.values() if number is not None], Use.TAKE_AWAY)
    going = frozenset(ref for ref, number in quotes.items() if number is None or number in sifted.kept)
    return going, sifted.lines
