"""An entry's way to the public: checked, signed off by another person, published, looked at again (J3)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session

from insights.core.access import Permission, may
from insights.core.activity import record, touch
from insights.core.checks import required_line
from insights.core.clock import now, today
from insights.core.errors import InvalidInput, NotAllowed, RuleBroken
from insights.decisions.models import Decision
from insights.openness.entries.findings import findings_of
from insights.openness.entries.standing import standing_with_texts, standings_of
from insights.openness.entries.texts import SECTIONS, TITLE
from insights.openness.entries.writing import quotes_of, require_writer
from insights.openness.models import EntryStatus, PublicEntry
from insights.people.models import Member
from insights.people.operations import require_same_area

REVIEWED_AFTER = timedelta(days=365)

MUST_BE_READ = "must_be_read"
"""Of what stood public: it was taken down by a withdrawal, and comes back only as a version that somebody read."""


def check_entry(session: Session, *, actor: Member, entry: PublicEntry) -> None:
    """Says that nothing in it gives anybody away: each hit of the scan is masked, replaced or justified."""
    require_writer(session, actor, entry)
    _require(entry, EntryStatus.DRAFT)
    open_ones = [each for each in findings_of(session, entry) if not each.settled]
    if open_ones:
        first = open_ones[0]
        raise RuleBroken(
            f"{len(open_ones)} of the hits still wait for an answer, first in {first.where}: it {first.hit.in_words}. "
            "Mask it, say something else instead, or say why it may stand."
        )
    entry.status, entry.checked_at, entry.checked_by_id = EntryStatus.PII_CHECKED, now(session), actor.id
    touch(session, actor, entry)
    record(session, actor, "checked for personal data", entry)


def sign_off_entry(
    session: Session, *, actor: Member, entry: PublicEntry, decision: Decision, row_version: int | None = None
) -> None:
    """By the named approver, who did not write it, on the text that they had before them."""
    require_same_area(session, actor, entry.team_id)
    _require_approver(actor, entry)
    if entry.signed_off_at is not None:
        raise RuleBroken(f"{entry.ref} is signed off already.")
    _require(entry, EntryStatus.PII_CHECKED)
    if row_version is not None and row_version != entry.row_version:
        raise RuleBroken("It was changed since you opened it, and was not signed off. Read it again.")
    _require_publishable(session, entry, decision)
    entry.status, entry.signed_off_at, entry.signed_off_by_id = EntryStatus.SIGNED_OFF, now(session), actor.id
    touch(session, actor, entry)
    record(session, actor, "signed off", entry)


def take_back_sign_off(session: Session, *, actor: Member, entry: PublicEntry) -> None:
    """Before it is published; the text and its check stay as they are."""
    require_same_area(session, actor, entry.team_id)
    if not may(actor, Permission.SIGN_OFF):
        raise NotAllowed("Only those who sign off may take it back.")
    _require(entry, EntryStatus.SIGNED_OFF)
    entry.status, entry.signed_off_at, entry.signed_off_by_id = EntryStatus.PII_CHECKED, None, None
    touch(session, actor, entry)
    record(session, actor, "took back the sign-off of", entry)


def publish_entry(session: Session, *, actor: Member, entry: PublicEntry, decision: Decision) -> None:
    """Freezes what was signed off, and shows it to everybody; a review falls due in twelve months.

    Consents are asked again, for days may have passed since the sign-off.
    """
    require_writer(session, actor, entry)
    _require(entry, EntryStatus.SIGNED_OFF)
    _require_publishable(session, entry, decision)
    moment = now(session)
    entry.published = _frozen(session, entry, decision)
    entry.first_published_at = entry.first_published_at or moment
    entry.status, entry.published_at, entry.renewed_at = EntryStatus.PUBLISHED, moment, None
    entry.review_on = today(session) + REVIEWED_AFTER
    entry.withdrawn_at, entry.withdrawn_reason = None, ""
    touch(session, actor, entry)
    record(session, actor, "published", entry, touches=[decision.ref])


def renew_entry(session: Session, *, actor: Member, entry: PublicEntry, decision: Decision) -> None:
    """Somebody who signs off read it again, and it still holds: the next review is in twelve months."""
    require_same_area(session, actor, entry.team_id)
    if not may(actor, Permission.SIGN_OFF):
        raise NotAllowed("Only those who sign off may renew it.")
    _require(entry, EntryStatus.PUBLISHED)
    found = standings_of(session, [(entry, decision)])[entry.id]
    if found.under_review:
        raise RuleBroken(f"{found.obstacles[0].what} {found.obstacles[0].todo} Then it can be renewed.")
    entry.renewed_at, entry.review_on = now(session), today(session) + REVIEWED_AFTER
    touch(session, actor, entry)
    record(session, actor, "renewed", entry, detail={"due": entry.review_on.isoformat()})


def withdraw_entry(session: Session, *, actor: Member, entry: PublicEntry, reason: str) -> None:
    """Takes the text off at once; its address goes on, and says when and why it was withdrawn."""
    require_writer(session, actor, entry)
    _require(entry, EntryStatus.PUBLISHED)
    entry.withdrawn_reason = required_line("reason", reason, label="the reason, which everybody can read")
    entry.status, entry.withdrawn_at = EntryStatus.WITHDRAWN, now(session)
    touch(session, actor, entry)
    record(session, actor, "withdrew", entry)


def undo_withdrawal(session: Session, *, actor: Member, entry: PublicEntry, decision: Decision) -> None:
    """Brings back the text as it was published. Raises RuleBroken where it may not stand any longer."""
    require_writer(session, actor, entry)
    _require(entry, EntryStatus.WITHDRAWN)
    if entry.published.get(MUST_BE_READ):
        raise RuleBroken("Somebody took back what they had said in it. Begin a new version, and read every text of it.")
    found = standings_of(session, [(entry, decision)])[entry.id]
    if found.under_review:
        raise RuleBroken(f"{found.obstacles[0].what} So it cannot come back as it was. Begin a new version.")
    entry.status, entry.withdrawn_at, entry.withdrawn_reason = EntryStatus.PUBLISHED, None, ""
    touch(session, actor, entry)
    record(session, actor, "brought back", entry)


def begin_new_version(session: Session, *, actor: Member, entry: PublicEntry) -> None:
    """A withdrawn entry becomes a draft again; until it is published its address says that it was withdrawn."""
    require_writer(session, actor, entry)
    _require(entry, EntryStatus.WITHDRAWN)
    entry.status, entry.written_by_id = EntryStatus.DRAFT, actor.id
    entry.checked_at = entry.signed_off_at = None
    entry.checked_by_id = entry.signed_off_by_id = None
    entry.approver_id = None if entry.approver_id == actor.id else entry.approver_id
    touch(session, actor, entry)
    record(session, actor, "began a new version of", entry)


def is_review_due(entry: PublicEntry, on: date) -> bool:
    return entry.status is EntryStatus.PUBLISHED and entry.review_on is not None and entry.review_on <= on


def _require(entry: PublicEntry, status: EntryStatus) -> None:
    if entry.removed_at is not None:
        raise RuleBroken(f"{entry.ref} was taken away. Bring it back first.")
    if entry.status is not status:
        raise RuleBroken(f"{entry.ref} is {_WORDS[entry.status]}, so that this cannot be done now.")


def _require_approver(actor: Member, entry: PublicEntry) -> None:
    if not may(actor, Permission.SIGN_OFF):
        raise NotAllowed("Only approvers and administrators sign off what everybody reads.")
    if actor.id in {entry.created_by_id, entry.written_by_id}:
        raise NotAllowed("You wrote it. Somebody else signs it off.")
    if entry.approver_id is None:
        raise InvalidInput.of("approver_id", "Nobody is named to sign it off. Name somebody first.")
    if entry.approver_id != actor.id:
        raise NotAllowed("Somebody else is named to sign it off. They, or whoever wrote it, can name you instead.")


def _require_publishable(session: Session, entry: PublicEntry, decision: Decision) -> None:
    found = standing_with_texts(session, entry, decision)
    if found.obstacles:
        first, more = found.obstacles[0], len(found.obstacles) - 1
        others = f" {more} more {'thing stands' if more == 1 else 'things stand'} in the way." if more else ""
        raise RuleBroken(f"{first.what} {first.todo}{others}")


def _frozen(session: Session, entry: PublicEntry, decision: Decision) -> dict[str, Any]:
    texts = {name: getattr(entry, name) for name in (TITLE, *SECTIONS)}
    quotes = [{"highlight_id": each.highlight_id, "words": each.words} for each in quotes_of(session, entry)]
    decided = None if decision.decided_on is None else decision.decided_on.isoformat()
    return {**texts, "quotes": quotes, "decision": decision.ref, "decided_on": decided}


_WORDS = {
    EntryStatus.DRAFT: "a draft",
    EntryStatus.PII_CHECKED: "checked for personal data",
    EntryStatus.SIGNED_OFF: "signed off",
    EntryStatus.PUBLISHED: "published",
    EntryStatus.WITHDRAWN: "withdrawn",
}
