"""What is found in a report: passages with what each might become."""

from __future__ import annotations

from dataclasses import dataclass

from insights.exchange.models import OfferKind


@dataclass(frozen=True, slots=True)
class Found:
    """Code points [start, end) of the text. `claim` is the sentence an insight or recommendation would begin with.

    `section` is the heading it stands under, `speaker` who said it where the text tells, `counts` figures of people as
    they are written ('5 of 6').
    """

    kind: OfferKind
    start: int
    end: int
    exact: str
    claim: str
    section: str
    speaker: str = ""
    counts: tuple[str, ...] = ()
