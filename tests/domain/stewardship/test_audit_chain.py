"""The record is a chain: whatever is done to it without the key is found, and located."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from factories import make_member, make_study
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.orm import Session

from insights.core.activity import BEGAN, ActivityEntry, begin_chain, content_of, record, redact_detail
from insights.core.chain import BEGINNING, Fault, digest, link
from insights.core.clock import FixedClock, set_clock
from insights.core.keys import Keys, set_keys
from insights.stewardship.audit.anchors import Anchor, anchor_now, anchors_in
from insights.stewardship.audit.checking import Checked, check_activity, check_looks, check_record
from insights.stewardship.audit.looks import Seen, list_looks, log_look, remove_old_looks
from insights.stewardship.models import Look, LookKind


@pytest.fixture
def told(session: Session) -> Session:
    """Ten entries and more, one of them with words in its detail."""
    study = make_study(session, actor=make_member(session))
    for number in range(10):
        record(session, None, "edited", study, touches=["STU-1", "INS-2"], detail={"version": number, "note": "Zephyr"})
    session.commit()
    return session


def test_a_record_that_nobody_touched_is_whole(told: Session) -> None:
    checked = check_activity(told)

    assert checked.is_whole
    assert checked.entries == checked.head.position > 10
    assert checked.first == ""


def test_entries_are_chained_across_transactions_and_after_one_that_was_rolled_back(told: Session) -> None:
    study = make_study(told)
    told.rollback()
    record(told, None, "edited", make_study(told))
    told.commit()

    assert study.title
    assert check_activity(told).is_whole


def test_a_savepoint_that_is_rolled_back_leaves_the_chain_whole(told: Session) -> None:
    savepoint = told.begin_nested()
    make_study(told)
    savepoint.rollback()
    make_study(told)
    with told.begin_nested():
        make_study(told)
    make_study(told)
    told.commit()

    assert check_activity(told).is_whole


@pytest.mark.parametrize(
    ("column", "value"),
    [("verb", "read"), ("actor_id", 1), ("subject_ref", "STU-9"), ("subject_kind", "insight"), ("touches", [])],
)
def test_a_changed_entry_is_found(told: Session, column: str, value: object) -> None:
    told.execute(update(ActivityEntry).where(ActivityEntry.position == 5).values({column: value}))

    _found(check_activity(told), 5, Fault.CHANGED, "Entry 5")


def test_a_changed_moment_is_found(told: Session) -> None:
    entry = told.scalars(select(ActivityEntry).where(ActivityEntry.position == 5)).one()
    told.execute(update(ActivityEntry).where(ActivityEntry.id == entry.id).values(at=entry.at + timedelta(days=1)))

    _found(check_activity(told), 5, Fault.CHANGED, "Entry 5")


def test_changed_words_of_a_detail_are_found(told: Session) -> None:
    told.execute(
        update(ActivityEntry).where(ActivityEntry.position == 6).values(detail={"version": 3, "note": "Other"})
    )

    _found(check_activity(told), 6, Fault.CHANGED, "detail of entry 6")


def test_a_removed_entry_is_found(told: Session) -> None:
    told.execute(delete(ActivityEntry).where(ActivityEntry.position == 5))

    _found(check_activity(told), 6, Fault.REMOVED, "Entry 5 is not where it belongs")


def test_removed_entries_whose_places_were_closed_up_are_found(told: Session) -> None:
    told.execute(delete(ActivityEntry).where(ActivityEntry.position.in_((5, 6))))
    for entry_id in told.scalars(select(ActivityEntry.id).where(ActivityEntry.position > 6).order_by(ActivityEntry.id)):
        told.execute(
            update(ActivityEntry).where(ActivityEntry.id == entry_id).values(position=ActivityEntry.position - 2)
        )

    _found(check_activity(told), 5, Fault.CHANGED, "Entry 5")


def test_an_entry_that_was_put_in_is_found(told: Session) -> None:
    told.execute(
        insert(ActivityEntry).values(
            at=datetime.now(UTC), verb="signed off", subject_kind="study", subject_ref="STU-1", touches=[], detail={}
        )
    )
    checked = check_activity(told)

    _found(checked, checked.head.position + 1, Fault.INSERTED, "It was put in")


def test_an_entry_that_was_put_in_with_a_chain_of_its_own_is_found(told: Session) -> None:
    last = check_activity(told).head
    told.execute(
        insert(ActivityEntry).values(
            at=datetime.now(UTC),
            verb="signed off",
            subject_kind="study",
            subject_ref="STU-1",
            touches=[],
            detail={},
            position=last.position + 1,
            chain=link(b"a guess", last.chain, {}),
        )
    )

    assert check_activity(told).breaks[0].position == last.position + 1


def test_entries_in_another_order_are_found(told: Session) -> None:
    fifth, sixth = (told.scalar(select(ActivityEntry.id).where(ActivityEntry.position == each)) for each in (5, 6))
    for old, new in ((fifth, 9_999), (sixth, fifth), (9_999, sixth)):
        told.execute(update(ActivityEntry).where(ActivityEntry.id == old).values(id=new))

    _found(check_activity(told), 5, Fault.MOVED, "reordered")


def test_entries_that_changed_places_with_their_numbers_are_found(told: Session) -> None:
    told.execute(update(ActivityEntry).where(ActivityEntry.position == 5).values(position=-1))
    told.execute(update(ActivityEntry).where(ActivityEntry.position == 6).values(position=5))
    told.execute(update(ActivityEntry).where(ActivityEntry.position == -1).values(position=6))

    assert check_activity(told).breaks[0].position in {5, 6}


def test_a_chain_computed_anew_without_the_key_is_found(told: Session) -> None:
    told.execute(update(ActivityEntry).where(ActivityEntry.position == 5).values(verb="read"))
    before, other = told.scalar(select(ActivityEntry.chain).where(ActivityEntry.position == 4)) or "", b"x" * 32
    for entry in told.scalars(select(ActivityEntry).where(ActivityEntry.position >= 5).order_by(ActivityEntry.id)):
        entry.detail_digest = digest(other, entry.detail)
        entry.chain = before = link(other, before, content_of(entry))
    told.flush()

    _found(check_activity(told), 5, Fault.CHANGED, "Entry 5")


def test_a_tail_that_was_cut_is_found_by_an_anchor_and_by_nothing_else(told: Session) -> None:
    anchor = anchor_now(told)
    told.execute(delete(ActivityEntry).where(ActivityEntry.position > anchor.activity.position - 3))

    assert check_activity(told).is_whole
    _found(check_activity(told, [anchor]), anchor.activity.position - 2, Fault.REMOVED, "3 entries were cut off")


def test_a_tail_that_was_cut_and_grown_again_is_found_by_an_anchor(told: Session) -> None:
    anchor = anchor_now(told)
    told.execute(delete(ActivityEntry).where(ActivityEntry.position >= anchor.activity.position))
    told.commit()
    make_study(told)

    _found(check_activity(told, [anchor]), anchor.activity.position, Fault.CHANGED, "written anew")


def test_all_of_it_gone_is_found_by_an_anchor(told: Session) -> None:
    anchor = anchor_now(told)
    told.execute(delete(ActivityEntry))

    assert not check_activity(told, [anchor]).is_whole


def test_the_key_of_another_installation_fits_nothing(told: Session) -> None:
    set_keys(told, Keys.made())

    checked = check_activity(told)

    assert checked.breaks[0].position == 1
    assert checked.broken >= checked.entries


def test_words_can_be_erased_and_the_entry_is_known_to_be_redacted(told: Session) -> None:
    entry_id = told.scalar(select(ActivityEntry.id).where(ActivityEntry.position == 6)) or 0

    redact_detail(told, None, make_study(told), [entry_id])
    told.commit()

    checked = check_activity(told)
    assert checked.is_whole
    assert checked.redacted == 1
    assert "Zephyr" not in str(told.scalar(select(ActivityEntry.detail).where(ActivityEntry.position == 6)))


def test_words_that_were_erased_without_an_entry_that_says_so_are_found(told: Session) -> None:
    told.execute(update(ActivityEntry).where(ActivityEntry.position == 6).values(detail={"redacted": True}))

    _found(check_activity(told), 6, Fault.CHANGED, "lost its detail")


def test_entries_from_before_the_chain_are_taken_in_and_it_is_told_when(session: Session) -> None:
    study = make_study(session)
    count = len(session.scalars(select(ActivityEntry.id)).all())
    session.execute(update(ActivityEntry).values(position=None, chain=None, detail_digest=None))
    session.commit()
    session.expire_all()

    record(session, None, "edited", study)
    session.commit()

    checked = check_activity(session)
    began = session.scalars(select(ActivityEntry).where(ActivityEntry.verb == BEGAN)).one()
    assert checked.is_whole
    assert checked.began == began.at
    assert (began.position, began.detail) == (count + 1, {"entries": count})
    assert session.scalar(select(ActivityEntry.chain).where(ActivityEntry.position == 1)) != BEGINNING


def test_an_empty_record_needs_no_beginning(session: Session) -> None:
    assert begin_chain(session).position == 0
    assert [checked.is_whole for checked in check_record(session)] == [True, True]


def test_an_anchor_is_one_line_that_can_be_kept_on_paper(told: Session) -> None:
    anchor = anchor_now(told)

    assert anchors_in(["A note.", f"  {anchor.as_line}\n", ""]) == [anchor]
    assert Anchor.from_line("Research Hub record at some time") is None


def test_a_look_is_kept_once_an_hour_and_chained(session: Session) -> None:
    watcher, clock = make_member(session), FixedClock(datetime(2026, 11, 23, 9, 5, tzinfo=UTC))
    set_clock(session, clock)

    for minutes in (0, 10, 60):
        clock.moment = datetime(2026, 11, 23, 9, 5, tzinfo=UTC) + timedelta(minutes=minutes)
        log_look(session, _seen(watcher.id))

    assert len(list_looks(session)) == 2
    assert check_looks(session).is_whole


def test_a_look_that_was_removed_or_changed_is_found(session: Session) -> None:
    watcher = make_member(session)
    for number in range(5):
        log_look(session, _seen(watcher.id, f"STU-{number}"))

    session.execute(update(Look).where(Look.position == 2).values(ref="STU-99"))
    _found(check_looks(session), 2, Fault.CHANGED, "Entry 2")
    session.execute(delete(Look).where(Look.position == 2))
    _found(check_looks(session), 3, Fault.REMOVED, "Entry 2 is not where it belongs")


def test_old_looks_go_and_the_rest_stays_whole(session: Session) -> None:
    watcher, clock = make_member(session), FixedClock(datetime(2024, 1, 5, 9, tzinfo=UTC))
    set_clock(session, clock)
    log_look(session, _seen(watcher.id, "STU-1"))
    log_look(session, _seen(watcher.id, "STU-2"))
    clock.moment = datetime(2026, 11, 23, tzinfo=UTC)
    log_look(session, _seen(watcher.id, "STU-3"))
    anchor = anchor_now(session)

    assert remove_old_looks(session, months=24) == 2
    log_look(session, _seen(watcher.id, "STU-4"))

    assert [row.ref for row in list_looks(session)] == ["STU-4", "STU-3"]
    assert [checked.first for checked in check_record(session, [anchor])] == ["", ""]


def test_all_looks_can_go_and_the_next_goes_on_from_them(session: Session) -> None:
    watcher, clock = make_member(session), FixedClock(datetime(2024, 1, 5, 9, tzinfo=UTC))
    set_clock(session, clock)
    log_look(session, _seen(watcher.id))
    clock.moment = datetime(2026, 11, 23, tzinfo=UTC)
    remove_old_looks(session, months=24)

    look = log_look(session, _seen(watcher.id))

    assert look is not None
    assert look.position == 2
    assert check_looks(session).is_whole


def test_the_database_itself_refuses_two_entries_in_one_place(told: Session) -> None:
    with pytest.raises(Exception, match="UNIQUE"):
        told.execute(text("UPDATE activity SET position = 1 WHERE position = 2"))


def _seen(member_id: int, ref: str = "STU-1") -> Seen:
    return Seen(member_id, LookKind.PAGE, ref, ref, restricted=True, what=f"/studies/{ref}")


def _found(checked: Checked, position: int, fault: Fault, words: str) -> None:
    first = checked.breaks[0]
    assert (first.position, first.fault) == (position, fault), first.words
    assert words in first.words
