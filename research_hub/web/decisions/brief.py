"""A decision in brief: whose words it rests on, what changed, and what came of it, in one line each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from insights.decisions.models import DecisionStatus
from insights.decisions.queries import ChangeRow, CheckRow, DecisionHead, LedgerRow
from research_hub.web.decisions.states import LINK_WORDS, VERDICT_TONES, VERDICT_WORDS
from research_hub.web.words import count, plain, short_day, words

_LONGEST = 170
_UNDECIDED = (DecisionStatus.DRAFT, DecisionStatus.PROPOSED)


@dataclass(frozen=True, slots=True)
class Line:
    """`voice` says that the words are people's own or what people read; `tone` is that of a state."""

    term: str
    words: str
    detail: str
    anchor: str
    tone: str = ""
    voice: bool = False


def in_brief(
    head: DecisionHead, changes: Sequence[ChangeRow], checks: Sequence[CheckRow], impact: Sequence[LedgerRow]
) -> tuple[Line, ...]:
    return _rests_on(head), _changed(head, changes), _came_of_it(head, checks, impact)


def _rests_on(head: DecisionHead) -> Line:
    first = next((each for each in head.links if each.is_evidence), None)
    told = head.row.rests_on.removeprefix("rests on ")
    said = told[:1].upper() + told[1:]
    if first is None:
        return Line("Rests on", said, _short(head.record.basis_reason), "insights", "" if head.row.basis else "warn")
    because = f"{first.ref} {LINK_WORDS[first.type].replace('this decision', 'it')}: {first.rationale}"
    return Line("Rests on", said, _short(because), "insights")


def _changed(head: DecisionHead, changes: Sequence[ChangeRow]) -> Line:
    latest = changes[-1] if changes else None
    more = f"{count(len(changes), 'change')} recorded" if len(changes) > 1 else ""
    if latest is None:
        waits = head.row.status in _UNDECIDED
        return Line(
            "Changed", "Nothing yet" if waits else "Nothing recorded yet", "", "changed", "" if waits else "plain"
        )
    if latest.after:
        return Line("What changed", _short(plain(latest.after)), more, "changed", voice=True)
    shown = latest.images.get("after") or latest.images.get("before")
    return Line("What changed", shown.alt if shown else _short(latest.before or latest.url), more, "changed")


def _came_of_it(head: DecisionHead, checks: Sequence[CheckRow], impact: Sequence[LedgerRow]) -> Line:
    found = next((each for each in checks if each.verdict), None)
    due = next((each for each in checks if not each.verdict), None)
    standing = next((each for each in impact if not each.is_corrected), None)
    told = _short(standing.what) if standing else ""
    if found is not None:
        figure = "" if found.value is None else f": {found.value:.10g} {found.unit}".rstrip()
        return Line(
            "What came of it",
            f"{VERDICT_WORDS[found.verdict]}{figure}",
            told or _short(found.note),
            "impact",
            VERDICT_TONES.get(found.verdict, "plain"),
        )
    if due is not None:
        measure = f", by {due.measure}" if due.measure else ""
        late = due.days_overdue > 0
        when = (
            f"Not looked at yet; it was due {short_day(due.due_on)}" if late else f"We look on {short_day(due.due_on)}"
        )
        return Line("What came of it", f"{when}{measure}", told, "outcome", "warn" if late else "")
    if head.record.not_measurable_reason:
        return Line(
            "What came of it", "Cannot be measured", told or _short(head.record.not_measurable_reason), "impact"
        )
    if head.row.status in _UNDECIDED:
        return Line("What came of it", f"Not decided yet: {words(head.row.status)}", "", "impact")
    return Line("What came of it", told or "Nobody has planned to look", "", "impact", "" if told else "warn")


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else line[:_LONGEST].rsplit(" ", 1)[0] + " …"
