"""Changes to a public entry before it is signed off: its texts, its quotes, who signs, and taking it away."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from insights.core.access import Permission, may
from insights.core.activity import add, record, touch
from insights.core.clock import now
from insights.core.concurrency import refuse_stale
from insights.core.errors import InvalidInput, NotAllowed, RuleBroken
from insights.decisions.models import Decision, LinkType
from insights.openness.entries.drafting import draft_texts
from insights.openness.entries.evidence import open_insights, quotes_to_show
from insights.openness.entries.texts import EntryTexts, language_of, tidy
from insights.openness.models import (
    EntryStatus,
    PublicEntry,
    PublicEntryQuote,
    public_entry_insights,
)
from insights.people.models import Member
from insights.people.operations import require_same_area

BEGUN_WITH, MOST_SHOWN = 2, 12
_AT_A_GLANCE = range(20, 301)


def draft_entry(session: Session, *, actor: Member, decision: Decision, language: str = "en") -> PublicEntry:
    """A first text from the records, with a few quotes that may be published. One a decision and language."""
    require_same_area(session, actor, decision.team_id)
    chosen = language_of(language)
    known = entry_of(session, decision, chosen)
    if known is not None:
        raise RuleBroken(f"{decision.ref} has {known.ref} already.")
    entry = PublicEntry(
        decision_id=decision.id,
        team_id=decision.team_id,
        language=chosen,
        status=EntryStatus.DRAFT,
        written_by_id=actor.id,
        **draft_texts(session, actor, decision).as_mapping(),
    )
    add(session, actor, entry)
    insights = open_insights(session, actor, decision)
    _set_insights(session, entry, [each.id for each in insights])
    offers = quotes_to_show(session, [each.id for each in insights if each.type is not _DECLINED])
    best = [each for each in offers if each.consent.allowed and len(each.words) in _AT_A_GLANCE][:BEGUN_WITH]
    _add_quotes(session, entry, [(each.highlight_id, each.insight_id, each.words) for each in best])
    record(session, actor, "drafted", entry, touches=[decision.ref])
    return entry


def entry_of(session: Session, decision: Decision, language: str) -> PublicEntry | None:
    """Removed ones too: there is one a decision and language."""
    return session.scalar(
        select(PublicEntry).where(PublicEntry.decision_id == decision.id, PublicEntry.language == language)
    )


def edit_entry(
    session: Session, *, actor: Member, entry: PublicEntry, texts: EntryTexts, row_version: int | None = None
) -> None:
    """New words; whatever was checked or signed off has to be looked at again."""
    require_open(session, actor, entry)
    values = tidy(texts).as_mapping()
    refuse_stale(entry, row_version, values)
    for name, value in values.items():
        setattr(entry, name, value)
    reset(entry, actor)
    touch(session, actor, entry)
    record(session, actor, "edited", entry)


def choose_quotes(session: Session, *, actor: Member, entry: PublicEntry, highlight_ids: Sequence[int]) -> None:
    """Shows these quotes of the entry's insights and no others. Words that were masked stay masked.

    Raises InvalidInput for a quote that does not support it, and for one whose speaker did not agree.
    """
    require_open(session, actor, entry)
    offers = {each.highlight_id: each for each in quotes_to_show(session, insight_ids_of(session, entry))}
    known = {each.highlight_id: each for each in quotes_of(session, entry)}
    chosen = list(dict.fromkeys(highlight_ids))
    if len(chosen) > MOST_SHOWN:
        raise InvalidInput.of("quotes", f"Choose {MOST_SHOWN} quotes at most; people read the first few.")
    for number in chosen:
        offer = offers.get(number)
        if offer is None and number not in known:
            raise InvalidInput.of("quotes", f"HL-{number} is no quote under this decision that could be shown.")
        if offer is not None and number not in known and not offer.consent.allowed:
            raise InvalidInput.of("quotes", f"HL-{number} may not be published. {offer.consent.hindrances[0].why}")
    gone = [each.id for number, each in known.items() if number not in chosen]
    session.execute(delete(PublicEntryQuote).where(PublicEntryQuote.id.in_(gone)))
    new = [offers[number] for number in chosen if number not in known]
    _add_quotes(session, entry, [(each.highlight_id, each.insight_id, each.words) for each in new])
    reset(entry, actor)
    touch(session, actor, entry)
    record(session, actor, "chose quotes for", entry, detail={"quotes": [f"HL-{number}" for number in chosen]})


def leave_out_insight(session: Session, *, actor: Member, entry: PublicEntry, insight_id: int) -> None:
    """The entry no longer tells of the insight: it and its quotes no longer stand in the way."""
    require_open(session, actor, entry)
    link = public_entry_insights.c
    session.execute(delete(public_entry_insights).where(link.entry_id == entry.id, link.insight_id == insight_id))
    session.execute(
        delete(PublicEntryQuote).where(PublicEntryQuote.entry_id == entry.id, PublicEntryQuote.insight_id == insight_id)
    )
    reset(entry, actor)
    touch(session, actor, entry)
    record(session, actor, "left an insight out of", entry, detail={"insight": f"INS-{insight_id}"})


def take_up_insights(session: Session, *, actor: Member, entry: PublicEntry, decision: Decision) -> None:
    """Takes up every insight of the decision that may be told today, also those that were left out or came later."""
    require_open(session, actor, entry)
    _set_insights(session, entry, [each.id for each in open_insights(session, actor, decision)])
    reset(entry, actor)
    touch(session, actor, entry)
    record(session, actor, "took up the insights of", entry)


def name_approver(session: Session, *, actor: Member, entry: PublicEntry, approver: Member | None) -> None:
    """Who is to sign off: somebody who may, and who did not write it. The one who is named may name another."""
    require_writer(session, actor, entry)
    if entry.status not in {EntryStatus.DRAFT, EntryStatus.PII_CHECKED}:
        raise RuleBroken(f"{entry.ref} is signed off already.")
    if approver is None or not approver.is_active or not may(approver, Permission.SIGN_OFF):
        raise InvalidInput.of("approver_id", "Choose who signs off: an approver or an administrator.")
    if approver.id in {entry.created_by_id, entry.written_by_id}:
        raise InvalidInput.of("approver_id", f"{approver.name} wrote it. Choose somebody else to sign it off.")
    entry.approver_id = approver.id
    touch(session, actor, entry)
    record(session, actor, "named an approver for", entry, detail={"named": approver.ref})


def set_entry_removed(session: Session, *, actor: Member, entry: PublicEntry, removed: bool) -> None:
    """Takes a draft away, or brings it back; what was ever published is withdrawn instead, for its address is known."""
    require_writer(session, actor, entry)
    if removed and entry.first_published_at is not None:
        raise RuleBroken(f"{entry.ref} was published, so that its address must go on telling what became of it.")
    if (entry.removed_at is not None) is removed:
        return
    entry.removed_at = now(session) if removed else None
    touch(session, actor, entry)
    record(session, actor, "removed" if removed else "restored", entry)


def quotes_of(session: Session, entry: PublicEntry) -> list[PublicEntryQuote]:
    rows = select(PublicEntryQuote).where(PublicEntryQuote.entry_id == entry.id).order_by(PublicEntryQuote.id)
    return list(session.scalars(rows))


def insight_ids_of(session: Session, entry: PublicEntry) -> list[int]:
    link = public_entry_insights.c
    return list(session.scalars(select(link.insight_id).where(link.entry_id == entry.id).order_by(link.insight_id)))


def require_writer(session: Session, actor: Member, entry: PublicEntry) -> None:
    if not may(actor, Permission.EDIT_DECISIONS):
        raise NotAllowed("Only those who write decisions may do this.")
    require_same_area(session, actor, entry.team_id)


def require_open(session: Session, actor: Member, entry: PublicEntry) -> None:
    """That the actor may write it, and that it is not frozen."""
    require_writer(session, actor, entry)
    if entry.removed_at is not None:
        raise RuleBroken(f"{entry.ref} was taken away. Bring it back first.")
    if entry.status is EntryStatus.PUBLISHED:
        raise RuleBroken(f"{entry.ref} is published as it was signed off. Withdraw it to write a new version.")
    if entry.status is EntryStatus.WITHDRAWN:
        raise RuleBroken(f"{entry.ref} was withdrawn. Begin a new version of it first.")


def reset(entry: PublicEntry, actor: Member) -> None:
    """A text changed: nobody has checked or signed this one."""
    entry.written_by_id = actor.id
    entry.status = EntryStatus.DRAFT
    entry.checked_at = entry.signed_off_at = None
    entry.checked_by_id = entry.signed_off_by_id = None
    if entry.approver_id == actor.id:
        entry.approver_id = None


_DECLINED = LinkType.CONSIDERED_NOT_FOLLOWED


def _set_insights(session: Session, entry: PublicEntry, insight_ids: Sequence[int]) -> None:
    session.execute(delete(public_entry_insights).where(public_entry_insights.c.entry_id == entry.id))
    if insight_ids:
        rows = [{"entry_id": entry.id, "insight_id": number} for number in dict.fromkeys(insight_ids)]
        session.execute(insert(public_entry_insights), rows)


def _add_quotes(session: Session, entry: PublicEntry, quotes: Sequence[tuple[int, int, str]]) -> None:
    session.add_all(
        PublicEntryQuote(entry_id=entry.id, highlight_id=highlight_id, insight_id=insight_id, words=words)
        for highlight_id, insight_id, words in quotes
    )
    session.flush()
