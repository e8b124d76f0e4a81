"""Who has what, answered person by person: what is frozen, who answers for whom, and what a closed review promises."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from factories import make_member, make_study, make_team
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from insights.capture.break_glass import ask_for_access, decide_on_access, end_access
from insights.capture.models import BreakGlass, Study
from insights.capture.operations import set_study_access
from insights.core.access import Role
from insights.core.activity import ActivityEntry
from insights.core.clock import FixedClock, set_clock
from insights.core.errors import InvalidInput, NotAllowed, NotFound, RuleBroken
from insights.people.models import Member, Team, WayIn
from insights.people.operations import change_role, set_active
from insights.people.operations.signing_in import enter
from insights.stewardship.access_review import (
    answer_row,
    begin_review,
    close_review,
    get_review,
    list_reviews,
    review_due,
    shown_review,
    take_back_answer,
)
from insights.stewardship.access_review.queries import Person, Shown
from insights.stewardship.models import AccessReview, AccessReviewRow, ReviewAnswer

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
DORMANT = 90


@dataclass
class World:
    """Two areas; Ada administers everything, Olu watches over data protection, Lin looks after letters."""

    session: Session
    clock: FixedClock
    letters: Team
    calls: Team
    ada: Member
    olu: Member
    lin: Member
    rui: Member
    sam: Member
    study: Study

    def begin(self, actor: Member | None = None, team: Team | None = None) -> AccessReview:
        return begin_review(self.session, actor=actor or self.olu, team=team, dormant_days=DORMANT)

    def answer(self, review: AccessReview, person: Member, answer: str = "keep", **more: object) -> None:
        actor = self.ada if person is self.olu else self.olu
        row = self.row(review, person)
        answer_row(self.session, actor=actor, review=review, row_id=row.id, answer=answer, **more)  # type: ignore[arg-type]  # given by name

    def row(self, review: AccessReview, person: Member) -> AccessReviewRow:
        query = select(AccessReviewRow).where(AccessReviewRow.review_id == review.id)
        return self.session.scalars(query.where(AccessReviewRow.member_id == person.id)).one()

    def shown(self, review: AccessReview, reader: Member | None = None) -> Shown:
        self.session.flush()
        return shown_review(self.session, reader or self.olu, review.ref)

    def person(self, review: AccessReview, person: Member, reader: Member | None = None) -> Person:
        return next(each for each in self.shown(review, reader).people if each.member_ref == person.ref)

    def answer_everybody(self, review: AccessReview) -> None:
        for person in (self.ada, self.olu, self.lin, self.rui, self.sam):
            self.answer(review, person)

    def close(self, review: AccessReview) -> None:
        close_review(self.session, actor=self.olu, review=review, confirm=review.ref, months=6)

    def let_in(self, hours: int = 2) -> BreakGlass:
        reason = "A participant asks what is held about them."
        glass = ask_for_access(self.session, actor=self.ada, study_ref=self.study.ref, reason=reason, hours=hours)
        return decide_on_access(self.session, actor=self.olu, glass=glass, approve=True)


@pytest.fixture
def world(session: Session) -> World:
    clock = FixedClock(NOON)
    set_clock(session, clock)
    letters, calls = make_team(session, name="Letters"), make_team(session, name="Calls")
    rui = make_member(session, name="Rui", team=letters)
    made = World(
        session,
        clock,
        letters,
        calls,
        ada=make_member(session, name="Ada", role=Role.ADMINISTRATOR, team=calls),
        olu=make_member(session, name="Olu", role=Role.DATA_PROTECTION, team=calls),
        lin=make_member(session, name="Lin", role=Role.CONTRIBUTOR, team=letters, administers_area=True),
        rui=rui,
        sam=make_member(session, name="Sam", role=Role.READER, team=calls),
        study=make_study(session, actor=rui, restricted=True),
    )
    session.flush()
    return made


def test_a_review_tells_of_each_person_what_they_have(world: World) -> None:
    world.let_in()
    enter(world.session, member=world.rui, browser="Firefox", way=WayIn.PASSWORD)

    review = world.begin()

    assert [each.name for each in world.shown(review).people] == ["Ada", "Lin", "Olu", "Rui", "Sam"]
    rui, ada, lin = (world.person(review, each) for each in (world.rui, world.ada, world.lin))
    assert (rui.role_label, rui.team, rui.studies) == ("Researcher", "Letters", (world.study.ref,))
    assert rui.last_sign_in_at == NOON
    assert [(each.study, each.holds) for each in ada.openings] == [(world.study.ref, True)]
    assert lin.administers_area
    assert lin.last_sign_in_at is None


def test_what_changes_later_changes_nothing_in_the_list(world: World) -> None:
    review = world.begin()

    set_study_access(world.session, actor=world.rui, study=world.study, restricted=True, named=[world.lin])
    change_role(world.session, actor=world.ada, member=world.sam, role="researcher")
    make_member(world.session, name="Late", team=world.calls)

    assert world.person(review, world.lin).studies == ()
    assert world.person(review, world.sam).role_label == "Reader"
    assert "Late" not in [each.name for each in world.shown(review).people]


def test_somebody_who_has_not_been_here_for_long_is_said_to_be_dormant(world: World) -> None:
    enter(world.session, member=world.rui, browser="Firefox", way=WayIn.PASSWORD)
    world.clock.moment = NOON + timedelta(days=DORMANT)
    enter(world.session, member=world.sam, browser="Firefox", way=WayIn.PASSWORD)
    assert not world.person(world.begin(world.lin, world.letters), world.rui, world.lin).is_dormant

    world.clock.moment += timedelta(seconds=1)
    review = world.begin()

    assert world.person(review, world.rui).is_dormant
    assert world.person(review, world.lin).is_dormant
    assert not world.person(review, world.sam).is_dormant


def test_times_let_in_are_listed_since_the_review_before(world: World) -> None:
    end_access(world.session, actor=world.ada, glass=world.let_in())
    first = world.begin()
    assert len(world.person(first, world.ada).openings) == 1
    world.answer_everybody(first)
    world.close(first)

    world.clock.moment = NOON + timedelta(days=1)
    glass = world.let_in()
    second = world.begin()

    assert [each.ref for each in world.person(second, world.ada).openings] == [glass.ref]


def test_one_review_is_open_at_a_time(world: World) -> None:
    world.begin(world.lin, world.letters)
    with pytest.raises(RuleBroken, match=r"ARV-\d+ is open \(Letters\)"):
        world.begin(world.ada, world.letters)
    world.begin(world.ada, world.calls)
    world.begin()

    with pytest.raises(RuleBroken, match="The whole organisation"):
        world.begin(world.ada)


def test_an_area_waits_while_the_whole_is_reviewed(world: World) -> None:
    world.begin()

    with pytest.raises(RuleBroken, match="The whole organisation"):
        world.begin(world.lin, world.letters)


def test_who_looks_after_an_area_begins_no_other(world: World) -> None:
    for team in (world.calls, None):
        with pytest.raises(NotAllowed, match="your own area"):
            world.begin(world.lin, team)
    with pytest.raises(NotAllowed, match="Access is reviewed by"):
        world.begin(world.rui, world.letters)


def test_who_looks_after_an_area_sees_and_answers_for_its_people_alone(world: World) -> None:
    review = world.begin()

    shown = world.shown(review, world.lin)
    assert [each.name for each in shown.people] == ["Lin", "Rui"]
    assert shown.waiting_elsewhere == 3
    row = world.row(review, world.rui)
    answer_row(world.session, actor=world.lin, review=review, row_id=row.id, answer="keep")
    with pytest.raises(NotFound):
        answer_row(world.session, actor=world.lin, review=review, row_id=world.row(review, world.sam).id, answer="keep")
    with pytest.raises(NotAllowed):
        close_review(world.session, actor=world.lin, review=review, confirm=review.ref, months=6)


def test_another_areas_review_does_not_exist_for_them(world: World) -> None:
    review = world.begin(world.ada, world.calls)

    assert list_reviews(world.session, world.lin) == []
    with pytest.raises(NotFound):
        get_review(world.session, world.lin, review.ref)
    with pytest.raises(NotAllowed):
        get_review(world.session, world.rui, review.ref)


def test_a_study_that_an_areas_administrator_does_not_see_is_counted_and_not_named(world: World) -> None:
    review = world.begin()

    person = world.person(review, world.rui, world.lin)

    assert (person.studies, person.hidden) == ((), 1)
    assert world.study.ref not in repr(world.shown(review, world.lin).people)
    with pytest.raises(InvalidInput):
        answer_row(
            world.session,
            actor=world.lin,
            review=review,
            row_id=world.row(review, world.rui).id,
            answer="take_away",
            take=[world.study.ref],
        )
    world.answer(review, world.rui, "take_away", take=[world.study.ref])
    assert [each.term for each in world.person(review, world.rui, world.lin).taken] == [""]


def test_nobody_answers_for_themselves_while_somebody_else_could(world: World) -> None:
    review = world.begin()
    own = world.row(review, world.olu).id
    with pytest.raises(RuleBroken, match="Somebody else answers for your own access"):
        answer_row(world.session, actor=world.olu, review=review, row_id=own, answer="keep")

    set_active(world.session, actor=world.lin, member=world.rui, active=False)
    world.ada.is_active = False
    answer_row(world.session, actor=world.olu, review=review, row_id=own, answer="keep")

    assert world.person(review, world.olu).answer is ReviewAnswer.KEEP


def test_to_ask_wants_a_note_and_still_waits(world: World) -> None:
    review = world.begin()
    with pytest.raises(InvalidInput, match="what is to be found out about Sam"):
        world.answer(review, world.sam, "ask")

    world.answer(review, world.sam, "ask", note="Ask the lead of calls whether Sam left.")

    shown = world.shown(review)
    assert (shown.answered, shown.to_ask) == (0, 1)


@pytest.mark.parametrize("take", [[], ["area"], ["STU-999"], ["account", "everything"]])
def test_only_what_somebody_has_can_be_taken_away(world: World, take: list[str]) -> None:
    review = world.begin()

    with pytest.raises(InvalidInput, match="Choose what Sam is to have no longer"):
        world.answer(review, world.sam, "take_away", take=take)


def test_what_was_taken_away_is_read_from_what_they_have(world: World) -> None:
    glass = world.let_in()
    review = world.begin()
    world.answer(review, world.rui, "take_away", take=["role", world.study.ref])
    world.answer(review, world.ada, "take_away", take=[glass.ref])
    world.answer(review, world.sam, "take_away", take=["account"])
    assert world.shown(review).outstanding == 3

    set_study_access(world.session, actor=world.rui, study=world.study, restricted=True, named=[])
    assert [each.done for each in world.person(review, world.rui).taken] == [False, False]
    other = make_member(world.session, name="Other", team=world.letters)
    set_study_access(world.session, actor=world.rui, study=world.study, restricted=True, named=[other])
    set_study_access(world.session, actor=other, study=world.study, restricted=True, named=[])
    assert [each.done for each in world.person(review, world.rui).taken] == [False, True]
    change_role(world.session, actor=world.ada, member=world.rui, role="contributor")
    set_active(world.session, actor=world.ada, member=world.sam, active=False)
    world.clock.moment = NOON + timedelta(hours=2)

    assert world.shown(review).outstanding == 0


def test_an_answer_is_taken_back_to_the_one_before(world: World) -> None:
    review = world.begin()
    world.answer(review, world.sam)
    world.answer(review, world.sam, "take_away", take=["account"], note="Left in May.")
    row = world.row(review, world.sam)

    take_back_answer(world.session, actor=world.olu, review=review, row_id=row.id)
    assert (row.answer, row.take, row.note) == (ReviewAnswer.KEEP, [], "")
    take_back_answer(world.session, actor=world.olu, review=review, row_id=row.id)

    assert row.answer is None
    with pytest.raises(RuleBroken, match="Nothing was answered for Sam"):
        take_back_answer(world.session, actor=world.olu, review=review, row_id=row.id)


def test_an_answer_that_somebody_gave_meanwhile_is_not_written_over(world: World) -> None:
    review = world.begin()
    world.answer(review, world.sam, "take_away", take=["account"], was="")

    with pytest.raises(RuleBroken, match="while you were reading"):
        world.answer(review, world.sam, "keep", was="")


def test_a_review_is_closed_when_nobody_waits(world: World) -> None:
    review = world.begin()
    for person in (world.ada, world.olu, world.lin, world.rui):
        world.answer(review, person)
    world.answer(review, world.sam, "ask", note="Did Sam leave?")
    with pytest.raises(RuleBroken, match="one person waits for an answer"):
        world.close(review)
    world.answer(review, world.sam, "take_away", take=["account"])
    with pytest.raises(InvalidInput, match="cannot be opened again"):
        close_review(world.session, actor=world.olu, review=review, confirm="yes", months=6)

    world.close(review)

    shown = world.shown(review)
    assert (review.closed_at, shown.closed_by, review.next_due_on) == (NOON, "Olu", date(2027, 5, 23))
    assert shown.is_as_closed


def test_nothing_in_a_closed_review_changes(world: World) -> None:
    review = world.begin()
    world.answer_everybody(review)
    world.close(review)

    for act in (
        lambda: world.answer(review, world.sam),
        lambda: world.close(review),
        lambda: take_back_answer(world.session, actor=world.olu, review=review, row_id=world.row(review, world.sam).id),
    ):
        with pytest.raises(RuleBroken, match="closed"):
            act()


def test_a_closed_review_that_was_changed_past_the_program_is_noticed(world: World) -> None:
    review = world.begin()
    world.answer_everybody(review)
    world.close(review)

    world.row(review, world.sam).role = Role.ADMINISTRATOR

    assert world.shown(review).is_as_closed is False


def test_every_step_is_in_the_record_without_a_word_of_the_notes(world: World) -> None:
    review = world.begin()
    world.answer(review, world.sam, "take_away", take=["account"], note="Sam is ill and will not come back.")
    take_back_answer(world.session, actor=world.olu, review=review, row_id=world.row(review, world.sam).id)
    world.answer_everybody(review)
    world.close(review)

    query = select(ActivityEntry).where(ActivityEntry.subject_ref == review.ref).order_by(ActivityEntry.id)
    entries = world.session.scalars(query).all()
    verbs = ["began", "answered for somebody in", "took back an answer in"]
    assert [each.verb for each in entries] == verbs + ["answered for somebody in"] * 5 + ["closed"]
    assert entries[1].detail == {"person": world.sam.ref, "answer": "take_away", "take": ["account"]}
    assert not any("ill" in str(each.detail) for each in entries)


def test_a_review_is_due_half_a_year_after_the_last_one(world: World) -> None:
    assert review_due(world.session, world.olu, months=6) is None
    world.clock.moment = NOON + timedelta(days=160)
    first = review_due(world.session, world.olu, months=6)
    assert first is not None
    assert (first.due_on, first.is_overdue) == (date(2027, 5, 23), False)
    review = world.begin()
    opened = review_due(world.session, world.lin, months=6)
    assert opened is not None
    assert (opened.open_ref, opened.waiting) == (review.ref, 2)
    world.answer_everybody(review)
    world.close(review)
    assert review_due(world.session, world.olu, months=6) is None

    world.clock.moment += timedelta(days=190)

    late = review_due(world.session, world.lin, months=6)
    assert late is not None
    assert late.is_overdue
    assert review_due(world.session, world.rui, months=6) is None


def test_an_area_that_was_reviewed_is_not_due_and_the_others_are(world: World) -> None:
    world.clock.moment = NOON + timedelta(days=200)
    review = world.begin(world.ada, world.letters)
    world.answer(review, world.lin)
    world.answer(review, world.rui)
    world.close(review)

    due = review_due(world.session, world.olu, months=6)

    assert review_due(world.session, world.lin, months=6) is None
    assert due is not None
    assert (due.area, due.is_overdue) == ("Calls", True)


def test_a_past_review_counts_what_came_of_it(world: World) -> None:
    review = world.begin()
    world.answer_everybody(review)
    world.answer(review, world.sam, "take_away", take=["account"])
    world.close(review)
    world.begin()

    now_open, past = list_reviews(world.session, world.olu)

    assert (past.people, past.answered, past.taken, past.closed_by) == (5, 5, 1, "Olu")
    assert (now_open.answered, now_open.closed_at) == (0, None)
    assert world.session.scalar(select(func.count()).select_from(AccessReviewRow)) == 10
