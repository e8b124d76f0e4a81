"""What rested on somebody's words: insights lose quotes and say so; public pages lose theirs, or are taken down."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from insights.coding.models import Highlight
from insights.core.activity import record, touch
from insights.core.base import Base
from insights.core.clock import now, today
from insights.decisions.models import Decision, DecisionLink, DecisionStatus
from insights.decisions.reviews import propose_review
from insights.openness.entries.texts import SECTIONS, TITLE
from insights.openness.entries.workflow import MUST_BE_READ
from insights.openness.models import EntryStatus, PublicEntry, PublicEntryQuote
from insights.people.models import Member
from insights.stewardship.erasure.copies import without
from insights.stewardship.erasure.shingles import Finder
from insights.stewardship.erasure.tables import delete_rows
from insights.stewardship.models import Withdrawal, WithdrawalCause, WithdrawnEvidence
from insights.synthesis.models import EvidenceLink, Insight, InsightStatus
from insights.synthesis.operations.versions import evidence_count, save_version

UNSUPPORTED = "What this rested on was withdrawn or kept long enough; no evidence is left."
WITHDRAWN = "withdrawn_evidence"
TAKEN_DOWN = {
    WithdrawalCause.REQUEST: "Somebody took back what they had said.",
    WithdrawalCause.RETENTION: "What it repeated was kept as long as it may be.",
}


@dataclass(frozen=True, slots=True)
class Resting:
    """Insights that lose evidence, by id, and public entries that show a quote."""

    insights: tuple[int, ...]
    entries: tuple[int, ...]


def resting_on(session: Session, highlights: Collection[Highlight]) -> Resting:
    ids = [each.id for each in highlights]
    insights = select(EvidenceLink.insight_id).where(EvidenceLink.highlight_id.in_(ids)).distinct()
    entries = select(PublicEntryQuote.entry_id).where(PublicEntryQuote.highlight_id.in_(ids)).distinct()
    return Resting(
        tuple(sorted(session.scalars(insights))),
        tuple(sorted({*session.scalars(entries), *_showing(session, set(ids))})),
    )


def take_evidence_away(session: Session, withdrawal: Withdrawal, highlights: Collection[Highlight]) -> int:
    """Counts for each insight what went, by whether it spoke for or against."""
    sources = {each.id: each.source_text_id for each in highlights}
    links = session.scalars(
        select(EvidenceLink).where(EvidenceLink.highlight_id.in_(sources)).order_by(EvidenceLink.id)
    ).all()
    quotes: Counter[tuple[int, str]] = Counter()
    texts: dict[tuple[int, str], set[int]] = {}
    for link in links:
        key = (link.insight_id, link.relation.value)
        quotes[key] += 1
        texts.setdefault(key, set()).add(sources[link.highlight_id or 0])
    for (insight_id, relation), number in quotes.items():
        row = WithdrawnEvidence(
            withdrawal_id=withdrawal.id,
            insight_id=insight_id,
            relation=relation,
            quotes=number,
            sources=len(texts[insight_id, relation]),
        )
        session.add(row)
    table = Base.metadata.tables[EvidenceLink.__tablename__]
    delete_rows(session, table, EvidenceLink.id.in_([each.id for each in links]))
    session.expire_all()
    return len(links)


def look_at_insights(
    session: Session, actor: Member | None, withdrawal: Withdrawal, insights: Collection[int]
) -> list[str]:
    """Saves a version with what is left; what rests on nothing any more is challenged, its decisions asked about."""
    challenged: list[str] = []
    for insight in session.scalars(select(Insight).where(Insight.id.in_(insights)).order_by(Insight.id)).all():
        _tell(session, insight)
        save_version(session, actor=actor, insight=insight, note=f"Evidence was withdrawn ({withdrawal.ref}).")
        if insight.status is InsightStatus.PUBLISHED and evidence_count(session, insight) == 0:
            insight.status, insight.status_note = InsightStatus.CHALLENGED, UNSUPPORTED
            challenged.append(insight.ref)
            _ask_about_decisions(session, actor, withdrawal, insight)
        touch(session, actor, insight)
        record(session, actor, "lost evidence of", insight, detail={"withdrawal": withdrawal.ref})
    return challenged


def _tell(session: Session, insight: Insight) -> None:
    """With the insight itself, so that its page need not ask: how many quotes of how many texts, and since when."""
    lost = session.execute(
        select(func.sum(WithdrawnEvidence.quotes), func.sum(WithdrawnEvidence.sources)).where(
            WithdrawnEvidence.insight_id == insight.id
        )
    ).one()
    told = {"quotes": int(lost[0] or 0), "texts": int(lost[1] or 0), "on": today(session).isoformat()}
    insight.custom = {**insight.custom, WITHDRAWN: told}


def clear_public_entries(
    session: Session,
    actor: Member | None,
    entries: Collection[int],
    highlights: Collection[int],
    said: tuple[Finder, Collection[str]],
    *,
    cause: WithdrawalCause,
) -> tuple[int, int]:
    """Quotes go from the page at once. Answers how many lost quotes, and how many were taken down.

    Of whoever took back what they said the page's own texts tell too, whatever they say word for word: so it is taken
    down until somebody has read it. What was kept long enough takes down only a page whose text repeats it.
    """
    finder, digests = said
    lost = down = 0
    rows = Base.metadata.tables[PublicEntryQuote.__tablename__]
    delete_rows(session, rows, PublicEntryQuote.highlight_id.in_(highlights))
    for entry in session.scalars(select(PublicEntry).where(PublicEntry.id.in_(entries)).order_by(PublicEntry.id)).all():
        shown = entry.published.get("quotes", [])
        entry.published = {
            **entry.published,
            "quotes": [each for each in shown if each["highlight_id"] not in highlights],
        }
        repeats = _rewrite(entry, finder, digests)
        if entry.status is EntryStatus.PUBLISHED and (repeats or cause is WithdrawalCause.REQUEST):
            entry.status, entry.withdrawn_at, entry.withdrawn_reason = (
                EntryStatus.WITHDRAWN,
                now(session),
                TAKEN_DOWN[cause],
            )
            entry.published = {**entry.published, MUST_BE_READ: True}
            down += 1
        elif entry.status is EntryStatus.PUBLISHED:
            entry.review_on = today(session)
            lost += 1
        elif entry.status in {EntryStatus.PII_CHECKED, EntryStatus.SIGNED_OFF}:
            entry.status = EntryStatus.DRAFT
            entry.checked_at = entry.checked_by_id = entry.signed_off_at = entry.signed_off_by_id = None
            lost += 1
        touch(session, actor, entry)
        record(session, actor, "took withdrawn words out of", entry, touches=[f"DEC-{entry.decision_id}"])
    return lost, down


def ask_to_read_again(session: Session, actor: Member | None, entries: Collection[int]) -> None:
    """Pages that show no quote of theirs and were written from an insight that rested on one: a review falls due."""
    rows = select(PublicEntry).where(PublicEntry.id.in_(entries), PublicEntry.status == EntryStatus.PUBLISHED)
    for entry in session.scalars(rows.order_by(PublicEntry.id)).all():
        entry.review_on = min(entry.review_on or today(session), today(session))
        touch(session, actor, entry)
        record(session, actor, "asked to read again", entry, touches=[f"DEC-{entry.decision_id}"])


def _rewrite(entry: PublicEntry, finder: Finder, digests: Collection[str]) -> bool:
    """Whether a text of the entry said their words; they are taken out of it."""
    changed = False
    for name in (TITLE, *SECTIONS):
        text = without(getattr(entry, name), finder, digests)
        if text is not None:
            setattr(entry, name, text)
            changed = True
    published = {
        name: without(value, finder, digests) if isinstance(value, str) else None
        for name, value in entry.published.items()
    }
    told: Mapping[str, str] = {name: value for name, value in published.items() if value is not None}
    if told:
        entry.published = {**entry.published, **told}
    return changed or bool(told)


def _showing(session: Session, highlights: set[int]) -> set[int]:
    """What stands public keeps its quotes with the text, as they were signed off."""
    rows = session.execute(select(PublicEntry.id, PublicEntry.published).order_by(PublicEntry.id))
    return {
        number
        for number, published in rows
        if any(each.get("highlight_id") in highlights for each in published.get("quotes", []))
    }


def _ask_about_decisions(session: Session, actor: Member | None, withdrawal: Withdrawal, insight: Insight) -> None:
    rows = session.scalars(
        select(Decision)
        .join(DecisionLink, DecisionLink.decision_id == Decision.id)
        .where(DecisionLink.insight_id == insight.id, Decision.status == DecisionStatus.ACCEPTED)
        .order_by(Decision.id)
    ).all()
    for decision in dict.fromkeys(rows):
        cause = f"{insight.ref} rests on nothing any more: what was said is not kept."
        propose_review(session, actor=actor, decision=decision, cause=cause, origin_ref=withdrawal.ref)
