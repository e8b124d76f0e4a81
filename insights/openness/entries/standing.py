"""Whether an entry may stand where everybody reads it: computed from consent, evidence and decision at the moment.

Nothing of this is stored. What an entry shows is asked anew whenever it is shown, so that a consent that was taken
back, an insight that was retired and a study that was restricted hide in the transaction that did it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.coding.models import Highlight
from insights.coding.quote_consent import QuoteConsent, quote_consents
from insights.core.text import plain_words
from insights.decisions.models import Decision, DecisionStatus
from insights.openness.entries.evidence import rests_on_restricted
from insights.openness.entries.texts import NEEDED, SECTIONS, tells_only_of_activity
from insights.openness.models import PublicEntry, PublicEntryQuote, public_entry_insights
from insights.people.participants.gate import Use
from insights.synthesis.models import CITABLE, EvidenceLink, Insight

FIT = (DecisionStatus.ACCEPTED, DecisionStatus.REJECTED)
"""What may be told: a decision in force, or a decision not to, with its reasons."""

_LONG_ENOUGH = 25
# Shown text that came from what is hidden: with a quote the text drawn from it, with a study also what was asked.
_HIDDEN_WITH_EVIDENCE = frozenset({"you_said"})
_HIDDEN_WITH_STUDY = frozenset({"summary", "we_asked", "you_said", "we_did_not"})


class ObstacleKind(StrEnum):
    DECISION = "decision"
    TEXT = "text"
    CONSENT = "consent"
    QUOTE = "quote"
    INSIGHT = "insight"
    STUDY = "study"


@dataclass(frozen=True, slots=True)
class Obstacle:
    """What stands in the way of publishing, what to do about it, and of which record it is, '' for a text."""

    kind: ObstacleKind
    what: str
    todo: str
    ref: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """`hidden_quotes` and `hidden_sections` are what a page that stands must not show now.

    `quotes` and `insights` are those of the entry, so that nobody has to ask for them again.
    """

    obstacles: tuple[Obstacle, ...] = ()
    hidden_quotes: frozenset[int] = frozenset()
    hidden_sections: frozenset[str] = frozenset()
    quotes: tuple[PublicEntryQuote, ...] = ()
    insights: tuple[Insight, ...] = ()

    @property
    def under_review(self) -> bool:
        return any(each.kind is not ObstacleKind.TEXT for each in self.obstacles)

    @property
    def hides_study(self) -> bool:
        return any(each.kind is ObstacleKind.STUDY for each in self.obstacles)


@dataclass(frozen=True, slots=True)
class _Facts:
    quotes: Mapping[int, list[PublicEntryQuote]]
    consents: Mapping[int, QuoteConsent]
    insights: Mapping[int, list[tuple[Insight, bool]]]


def standings_of(session: Session, entries: Sequence[tuple[PublicEntry, Decision]]) -> Mapping[int, Standing]:
    """What is in the way of each entry, but for the words of its texts; four statements, however many entries."""
    facts = _facts(session, [entry.id for entry, _ in entries])
    return {entry.id: _standing(entry, decision, facts) for entry, decision in entries}


def standing_with_texts(session: Session, entry: PublicEntry, decision: Decision) -> Standing:
    """Everything that is in the way, for whoever writes the entry: its texts too; five statements."""
    return with_texts(session, entry, decision, standings_of(session, [(entry, decision)])[entry.id])


def with_texts(session: Session, entry: PublicEntry, decision: Decision, found: Standing) -> Standing:
    """What was found, with what is in the way in the words of the texts; one statement."""
    texts = (*_of_texts(entry, decision), *_repeated(session, entry))
    return replace(found, obstacles=(*texts, *found.obstacles))


def _standing(entry: PublicEntry, decision: Decision, facts: _Facts) -> Standing:
    obstacles, hidden = list(_of_decision(decision)), set()
    for quote in facts.quotes[entry.id]:
        found = list(_of_quote(quote, facts.consents[quote.highlight_id]))
        obstacles += found
        hidden |= {quote.highlight_id} if found else set()
    unfit = {insight.id for insight, restricted in facts.insights[entry.id] if _of_insight(insight, restricted)}
    obstacles += [each for insight, restricted in facts.insights[entry.id] for each in _of_insight(insight, restricted)]
    hidden |= {quote.highlight_id for quote in facts.quotes[entry.id] if quote.insight_id in unfit}
    kinds = {each.kind for each in obstacles}
    sections: frozenset[str] = frozenset()
    if ObstacleKind.STUDY in kinds:
        sections, hidden = _HIDDEN_WITH_STUDY, {quote.highlight_id for quote in facts.quotes[entry.id]}
    elif kinds - {ObstacleKind.DECISION}:
        sections = _HIDDEN_WITH_EVIDENCE
    return Standing(
        tuple(dict.fromkeys(obstacles)),
        frozenset(hidden),
        sections,
        tuple(facts.quotes[entry.id]),
        tuple(insight for insight, _ in facts.insights[entry.id]),
    )


def _of_decision(decision: Decision) -> Sequence[Obstacle]:
    if decision.status in FIT:
        return ()
    words = f"{decision.ref} is {decision.status.value}."
    if decision.status in {DecisionStatus.DRAFT, DecisionStatus.PROPOSED}:
        return (Obstacle(ObstacleKind.DECISION, words, "Accept or reject it first.", decision.ref),)
    return (Obstacle(ObstacleKind.DECISION, words, "Withdraw the page, and tell of what replaced it.", decision.ref),)


def _of_texts(entry: PublicEntry, decision: Decision) -> Sequence[Obstacle]:
    answer = "we_did_not" if decision.status is DecisionStatus.REJECTED else "we_did"
    empty = [
        Obstacle(ObstacleKind.TEXT, f"“{SECTIONS[name]}” is empty.", "Write it in plain words.")
        for name in SECTIONS
        if name in {*NEEDED, answer} and not getattr(entry, name).strip()
    ]
    if tells_only_of_activity(entry.we_did):
        empty.append(
            Obstacle(
                ObstacleKind.TEXT,
                "“We did” tells of meetings and intentions only.",
                "Say what is different now because of the decision, or why nothing is.",
            )
        )
    return empty


def _repeated(session: Session, entry: PublicEntry) -> Sequence[Obstacle]:
    """Words of a quote that stand in a text would pass by the gate: they belong among the quotes, or not there."""
    rows = session.execute(
        select(Highlight.id, Highlight.exact)
        .join(EvidenceLink, EvidenceLink.highlight_id == Highlight.id)
        .join(public_entry_insights, public_entry_insights.c.insight_id == EvidenceLink.insight_id)
        .where(public_entry_insights.c.entry_id == entry.id)
        .distinct()
        .order_by(Highlight.id)
    )
    shown = {name: _folded(getattr(entry, name)) for name in SECTIONS}
    found = []
    for number, exact in rows:
        words = _folded(exact)
        where = [SECTIONS[name] for name, text in shown.items() if len(words) >= _LONG_ENOUGH and words in text]
        if where:
            what = f"“{where[0]}” repeats the words of HL-{number}."
            todo = "Say it in your own words, and choose the quote below if its speaker agreed to be published."
            found.append(Obstacle(ObstacleKind.TEXT, what, todo, f"HL-{number}"))
    return found


def _of_quote(quote: PublicEntryQuote, consent: QuoteConsent) -> Sequence[Obstacle]:
    ref = f"{Highlight.PREFIX}-{quote.highlight_id}"
    found = []
    for each in consent.hindrances:
        if each.hides_study:
            kind, what, todo = ObstacleKind.STUDY, "A study under it was restricted.", "Withdraw the page."
        elif each.by_consent:
            kind, what, todo = ObstacleKind.CONSENT, each.why, "Ask them again, or take the quote out."
        else:
            kind, what, todo = ObstacleKind.QUOTE, each.why, "Take the quote out."
        found.append(Obstacle(kind, what, todo, "" if each.hides_study else ref))
    return found


def _of_insight(insight: Insight, restricted: bool) -> Sequence[Obstacle]:  # noqa: FBT001 - the columns of one row
    if restricted:
        return (Obstacle(ObstacleKind.STUDY, "A study under it was restricted.", "Withdraw the page."),)
    if insight.status in CITABLE:
        return ()
    return (
        Obstacle(
            ObstacleKind.INSIGHT,
            f"{insight.ref} is {insight.status.value.replace('_', ' ')}.",
            "Take it out of “You said”, or withdraw the page.",
            insight.ref,
        ),
    )


def _facts(session: Session, entry_ids: Sequence[int]) -> _Facts:
    quotes: dict[int, list[PublicEntryQuote]] = defaultdict(list)
    insights: dict[int, list[tuple[Insight, bool]]] = defaultdict(list)
    if not entry_ids:
        return _Facts(quotes, {}, insights)
    chosen = PublicEntryQuote.entry_id.in_(entry_ids)
    for quote in session.scalars(select(PublicEntryQuote).where(chosen).order_by(PublicEntryQuote.id)):
        quotes[quote.entry_id].append(quote)
    consents = quote_consents(session, select(PublicEntryQuote.highlight_id).where(chosen), Use.PUBLISH)
    link = public_entry_insights.c
    under = select(PublicEntryQuote.entry_id, PublicEntryQuote.insight_id).where(chosen)
    listed = select(link.entry_id, link.insight_id).where(link.entry_id.in_(entry_ids)).union(under).subquery()
    rows = session.execute(
        select(listed.c.entry_id, Insight, rests_on_restricted())
        .join(Insight, Insight.id == listed.c.insight_id)
        .order_by(listed.c.entry_id, Insight.id)
    )
    for entry_id, insight, restricted in rows:
        insights[entry_id].append((insight, bool(restricted)))
    return _Facts(quotes, consents, insights)


def _folded(text: str) -> str:
    """Words alone, so that quotation marks and line ends make no difference."""
    kept = (char if char.isalnum() else " " for char in plain_words(text).casefold())
    return " ".join("".join(kept).split())
