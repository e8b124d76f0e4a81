"""What came after the decisions of the demonstration: what the pages of decisions and openness will show."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine, create_engine, select
from sqlalchemy.orm import Session

from insights.core.access import Role
from insights.core.base import Base
from insights.core.clock import FixedClock, set_clock
from insights.core.keys import Keys, set_keys
from insights.decisions.models import (
    Change,
    ChangeImage,
    Decision,
    DecisionReview,
    DeliveryLink,
    ImageSide,
    Measure,
    OutcomeCheck,
    Reading,
    ReviewResult,
    Tracker,
    WorkState,
)
from insights.decisions.queries import ledger, needs_not_met, open_reviews
from insights.openness.entries import list_entries, public_page, published_pages
from insights.openness.models import EntryStatus, PublicEntry
from insights.people.models import Member, Service
from insights.people.queries import Choice
from insights.reports.days import Period
from insights.reports.freezing import figures_of, frozen_reports, get_frozen
from insights.reports.pack import build_pack
from insights.reports.pack.standards import standard_of
from insights.synthesis.models import RevalidationResult, RevalidationTask
from research_hub.demo.drawing import draw
from research_hub.demo.loader import load_demo
from research_hub.demo.records import Block
from research_hub.demo.telling.openness import last_quarter
from research_hub.files import FileStore

TODAY = date(2026, 1, 15)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """Told once; the tests only read."""
    made = create_engine("sqlite://")
    Base.metadata.create_all(made)
    with Session(made) as opened:
        set_keys(opened, Keys.made())
        load_demo(opened, files=FileStore(tmp_path_factory.mktemp("files")), today=TODAY)
        opened.commit()
    yield made
    made.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    with Session(engine) as opened:
        set_keys(opened, Keys.made())
        set_clock(opened, FixedClock(datetime(2026, 1, 15, 12, tzinfo=UTC)))
        yield opened


@pytest.fixture
def leader(session: Session) -> Member:
    return session.scalars(select(Member).where(Member.role == Role.APPROVER)).one()


# What everybody may read


def test_one_page_is_published_one_waits_for_its_sign_off_and_one_is_under_review(
    session: Session, leader: Member
) -> None:
    rows = {row.decision: row for row in list_entries(session, leader)}

    published = rows["Send no text message about screening without an e-mail"]
    waiting = rows["Publish the kit's instructions for eyes, ears and fingers before the first kit leaves"]
    hidden = rows["Say in the second sentence what the test replaces and what it does not"]
    assert len(rows) == 3
    assert (published.status, published.obstacles) == (EntryStatus.PUBLISHED, 0)
    assert (waiting.status, waiting.waits_for_id, waiting.obstacles) == (EntryStatus.PII_CHECKED, leader.id, 0)
    assert (hidden.status, hidden.obstacles) == (EntryStatus.PUBLISHED, 1)


def test_the_published_page_was_signed_off_by_somebody_who_did_not_write_it(session: Session) -> None:
    for entry in session.scalars(select(PublicEntry).where(PublicEntry.status == EntryStatus.PUBLISHED)):
        assert entry.signed_off_by_id not in {None, entry.written_by_id, entry.created_by_id}


def test_a_quote_whose_consent_was_taken_back_is_shown_to_nobody(session: Session) -> None:
    shown, hidden = sorted(published_pages(session), key=lambda page: page.under_review)

    assert len(shown.quotes) == 1
    assert hidden.under_review
    assert (hidden.quotes, hidden.hidden_quotes) == ((), 1)
    assert "dysphoria" not in str(public_page(session, hidden.decision_ref))


# What an assessor is shown


def test_a_pack_of_the_self_test_shows_evidence_and_gaps(session: Session, leader: Member) -> None:
    service = session.scalars(select(Service).where(Service.name == "HPV self-testing")).one()

    pack = build_pack(
        session,
        leader,
        standard=standard_of("govuk"),
        service=Choice(str(service.id), service.name),
        phase="alpha",
        suggested=False,
    )

    by_number = {section.point.number: section for section in pack.sections}
    linked = {number for number, each in by_number.items() if each.decisions or each.insights}
    assert {"1", "3", "4", "5", "10"} <= linked
    assert by_number["3"].quotes
    assert by_number["10"].decisions[0].outcomes
    assert [number for number, each in by_number.items() if "Nobody has linked" in " ".join(each.gaps)]


def test_thelast_quarter_was_frozen_on_the_day_after_it(session: Session) -> None:
    (row,) = frozen_reports(session)

    assert (row.starts_on, row.ends_on, row.frozen_on) == (date(2025, 10, 1), date(2025, 12, 31), date(2026, 1, 1))
    assert figures_of(get_frozen(session, row.ref)).is_intact


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (date(2026, 1, 1), Period(date(2025, 10, 1), date(2025, 12, 31))),
        (date(2026, 3, 31), Period(date(2025, 10, 1), date(2025, 12, 31))),
        (date(2026, 5, 2), Period(date(2026, 1, 1), date(2026, 3, 31))),
        (date(2026, 12, 31), Period(date(2026, 7, 1), date(2026, 9, 30))),
    ],
)
def test_the_quarter_that_ended_last_is_one_of_the_calendar(on: date, expected: Period) -> None:
    assert last_quarter(on) == expected


# What came of decisions


def test_the_ledger_names_avoided_work_and_puts_one_entry_right(session: Session, leader: Member) -> None:
    rows = ledger(session, leader)
    (avoided,) = [row for row in rows if row.kind == "avoided_work"]
    (old,) = [row for row in rows if row.is_corrected]
    (new,) = [row for row in rows if row.corrects_id == old.id]

    assert avoided.decision == "Let people save their filters"
    assert old.what.startswith("Eleven hundred")
    assert new.what.startswith("Nine hundred and forty")
    assert new.on > old.on


def test_one_measure_has_enough_readings_for_a_line(session: Session) -> None:
    measure = session.scalars(select(Measure).where(Measure.name.contains("message is genuine"))).one()
    check = session.scalars(select(OutcomeCheck).where(OutcomeCheck.measure_id == measure.id)).one()

    days = session.scalars(select(Reading.on).where(Reading.measure_id == measure.id).order_by(Reading.on)).all()

    assert len(days) == 7
    assert check.value == 17
    assert days[-1] > (check.recorded_on or TODAY)


def test_a_review_waits_since_an_outcome_was_refuted_and_another_was_answered(session: Session, leader: Member) -> None:
    (waiting,) = [row for row in open_reviews(session, leader) if row.origin_ref.startswith("CHK-")]
    (answered,) = session.scalars(select(DecisionReview).where(DecisionReview.result == ReviewResult.STANDS)).all()

    assert waiting.cause == "Its outcome was “no change”."
    assert "finish" in answered.note


def test_work_is_linked_with_how_far_it_is(session: Session) -> None:
    found = {(link.tracker, link.state) for link in session.scalars(select(DeliveryLink))}

    assert found == {
        (Tracker.JIRA, WorkState.DONE),
        (Tracker.GITHUB, WorkState.IN_PROGRESS),
        (Tracker.JIRA, WorkState.TO_DO),
    }


def test_a_change_is_shown_as_two_drawings_with_words_for_those_who_do_not_see_them(session: Session) -> None:
    rows = session.execute(
        select(ChangeImage, Decision.title)
        .join(Change, Change.id == ChangeImage.change_id)
        .join(Decision, Decision.id == Change.decision_id)
    ).all()

    assert {image.side for image, _ in rows} == set(ImageSide)
    assert {(image.media_type, image.width, image.height) for image, _ in rows} == {("image/png", 360, 300)}
    assert all(image.alt.startswith("A drawing of a telephone") for image, _ in rows)
    assert {title for _, title in rows} == {"Send no text message about screening without an e-mail"}


def test_a_block_beyond_the_edge_is_cut_off_and_what_is_bare_is_white() -> None:
    small = draw(4, 3, [Block(x=2, y=1, width=9, height=9, colour="005eb8")])
    whole = draw(4, 3, [Block(x=2, y=1, width=2, height=2, colour="005eb8")])

    assert small == whole
    assert small != draw(4, 3, [])


# What is looked at again


def test_somebody_is_asked_to_look_again_and_somebody_has(session: Session) -> None:
    (waiting,) = session.scalars(select(RevalidationTask).where(RevalidationTask.result.is_(None))).all()
    (done,) = session.scalars(select(RevalidationTask).where(RevalidationTask.result.is_not(None))).all()

    assert waiting.owner_id is not None
    assert waiting.due_on == TODAY + timedelta(days=21)
    assert (done.result, done.closed_on) == (RevalidationResult.RECONFIRMED, TODAY - timedelta(days=82))


def test_needs_that_are_not_met_have_a_day_to_ask_again_and_one_has_come(session: Session, leader: Member) -> None:
    due, first = needs_not_met(session, leader)[:2]

    assert due.is_due
    assert due.service == "Family assistance data portal"
    assert not first.is_due
    assert first.claim.startswith("People do not see a sexual health clinic")
    assert first.revisit_on == TODAY + timedelta(days=130)
    assert "nowhere else to go" in first.reason
