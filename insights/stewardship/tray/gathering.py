"""Putting records into one's tray, in an order of one's own, and taking them out again.

Nothing of it is recorded: what somebody reads is nobody else's business, and no record changes by it.
"""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from insights.core.checks import term_of, text_of
from insights.core.clock import now
from insights.core.errors import NotFound, RuleBroken
from insights.people.models import Member
from insights.stewardship.models import TrayItem
from insights.stewardship.tray.queries import listed_items, tray_refs
from insights.stewardship.tray.rows import gathered_rows
from insights.stewardship.tray.sight import parted

MOST = 200
LONGEST_NOTE = 2_000
FORGOTTEN_AFTER = timedelta(days=1)
"""What was taken out can be put back so long; then its note is deleted with it."""


class Step(StrEnum):
    UP = "up"
    DOWN = "down"


def put_in_tray(session: Session, *, actor: Member, ref: str) -> TrayItem:
    """Adds a record at the end; one that is in already stays where it is. Raises NotFound for what is out of sight."""
    named = parted(ref)
    if named is None or named[0] not in gathered_rows(session, actor, [named[0]]):
        raise NotFound(ref)
    _forget_old(session, actor)
    item = _item(session, actor, named[0])
    if item is not None and item.taken_out_at is None:
        return item
    if len(tray_refs(session, actor)) >= MOST:
        raise RuleBroken(f"Your tray holds {MOST} records. Make a collection of them, or take some out.")
    end = _end(session, actor)
    if item is None:
        item = TrayItem(member_id=actor.id, subject_ref=named[0], subject_id=named[1], note="")
        session.add(item)
    item.taken_out_at, item.put_in_at, item.position = None, now(session), end
    session.flush()
    return item


def take_out_of_tray(session: Session, *, actor: Member, ref: str) -> TrayItem:
    item = _needed(session, actor, ref)
    item.taken_out_at = now(session)
    session.flush()
    return item


def put_back_in_tray(session: Session, *, actor: Member, ref: str) -> TrayItem:
    """Undoes taking it out: it stands where it stood, with its note."""
    item = _needed(session, actor, ref)
    item.taken_out_at = None
    session.flush()
    return item


def empty_tray(session: Session, *, actor: Member) -> int:
    """Takes everything out at one moment, by which `fill_tray_again` knows it; answers how many were in sight."""
    items = [item for item, _row in listed_items(session, actor)]
    moment = now(session)
    # What went out of sight meanwhile goes too: the tray is to be empty also when it comes back.
    for item in session.scalars(
        select(TrayItem).where(TrayItem.member_id == actor.id, TrayItem.taken_out_at.is_(None))
    ):
        item.taken_out_at = moment
    session.flush()
    return len(items)


def fill_tray_again(session: Session, *, actor: Member) -> None:
    """Undoes emptying: puts back what was taken out last."""
    last = session.scalar(select(func.max(TrayItem.taken_out_at)).where(TrayItem.member_id == actor.id))
    if last is None:
        return
    for item in session.scalars(select(TrayItem).where(TrayItem.member_id == actor.id, TrayItem.taken_out_at == last)):
        item.taken_out_at = None
    session.flush()


def move_in_tray(session: Session, *, actor: Member, ref: str, step: str | Step) -> None:
    """One place up or down among what is in sight; at either end it stays."""
    chosen = term_of("by", Step, step, label="where to")
    item = _needed(session, actor, ref)
    shown = [each for each, _row in listed_items(session, actor)]
    if item not in shown:
        raise NotFound(ref)
    place = shown.index(item)
    other = place + (-1 if chosen is Step.UP else 1)
    if 0 <= other < len(shown):
        item.position, shown[other].position = shown[other].position, item.position
    session.flush()


def note_in_tray(session: Session, *, actor: Member, ref: str, note: str) -> None:
    item = _needed(session, actor, ref)
    item.note = text_of("note", note, label="the note", longest=LONGEST_NOTE)
    session.flush()


def _needed(session: Session, actor: Member, ref: str) -> TrayItem:
    """Raises NotFound for what is not in the tray, and for what its owner may no longer see."""
    named = parted(ref)
    item = None if named is None else _item(session, actor, named[0])
    if item is None or item.subject_ref not in gathered_rows(session, actor, [item.subject_ref]):
        raise NotFound(ref)
    return item


def _item(session: Session, actor: Member, ref: str) -> TrayItem | None:
    return session.scalar(select(TrayItem).where(TrayItem.member_id == actor.id, TrayItem.subject_ref == ref))


def _end(session: Session, actor: Member) -> int:
    last = session.scalar(select(func.max(TrayItem.position)).where(TrayItem.member_id == actor.id))
    return 1 if last is None else last + 1


def _forget_old(session: Session, actor: Member) -> None:
    session.execute(
        delete(TrayItem).where(TrayItem.member_id == actor.id, TrayItem.taken_out_at < now(session) - FORGOTTEN_AFTER)
    )
