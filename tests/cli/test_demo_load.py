"""The demonstration, told into a database: what the story intends is what the pages will show."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine, create_engine, func, or_, select
from sqlalchemy.orm import Session

from insights.capture.access import hidden_study_ids
from insights.capture.break_glass import list_glass
from insights.capture.live_log import MarkedLine, is_paused, paragraph_of, parse_line
from insights.capture.models import (
    Attachment,
    Attendance,
    AttendanceRole,
    LiveLog,
    LogLine,
    ResearchSession,
    SessionStatus,
    SourceText,
    Study,
    TextVersion,
)
from insights.capture.models.break_glass import GlassState
from insights.coding.models import CodingRound, Highlight, LayerCoding, Memo, Tag
from insights.coding.rounds import Unit, compare, round_page
from insights.coding.synonyms import STARTING_GROUPS, list_synonym_groups
from insights.core.access import Role
from insights.core.activity import ActivityEntry
from insights.core.base import Base
from insights.core.clock import FixedClock, now, set_clock
from insights.core.errors import InvalidInput, RuleBroken
from insights.core.keys import Keys, set_keys
from insights.decisions.disposition import DispositionState
from insights.decisions.dispositions import dispositions
from insights.decisions.link_status import link_status
from insights.decisions.models import (
    ChangeImage,
    Decision,
    DecisionLink,
    DecisionStatus,
    LinkStatus,
    Measure,
    OutcomeCheck,
    Reading,
)
from insights.exchange.models import Offer, OfferStatus
from insights.openness.questions import unanswered_questions
from insights.openness.requests import RequestFilter, list_requests
from insights.people.models import Consent, Member, Participant
from insights.people.passwords import password_matches
from insights.people.vault import open_identities
from insights.stewardship.comments import list_mentions
from insights.stewardship.models import Comment, Follow, FoundItem
from insights.stewardship.models.retention import DataClass
from insights.stewardship.retention import list_due
from insights.stewardship.subject_access import list_requests as requests_of_subjects
from insights.stewardship.tray import get_collection, items_of, list_collections, list_tray
from insights.synthesis.boards import board_page
from insights.synthesis.models import (
    Board,
    BoardCard,
    Contradiction,
    ContradictionStatus,
    Insight,
    InsightStatus,
    Recommendation,
    Theme,
)
from research_hub.demo import records
from research_hub.demo.loader import LOGINS, DemoSummary, load_demo
from research_hub.demo.story import DEMO_FOLDER, load_story
from research_hub.files import FileStore

KEYS = Keys.made()
TODAY = date(2026, 1, 15)
GIVEN = {"researcher": "a password of our own"}


@dataclass(frozen=True)
class Demo:
    engine: Engine
    files: FileStore
    summary: DemoSummary
    progress: list[tuple[int, int]]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """Told once; the tests only read."""
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    files, progress = FileStore(tmp_path_factory.mktemp("files")), []
    with Session(engine) as opened:
        set_keys(opened, KEYS)
        summary = load_demo(
            opened,
            files=files,
            today=TODAY,
            passwords=GIVEN,
            progress=lambda done, total: progress.append((done, total)),
        )
        opened.commit()
    yield Demo(engine, files, summary, progress)
    engine.dispose()


@pytest.fixture
def session(demo: Demo) -> Iterator[Session]:
    with Session(demo.engine) as opened:
        set_keys(opened, KEYS)
        set_clock(opened, FixedClock(datetime(2026, 1, 15, 12, tzinfo=UTC)))
        yield opened


@pytest.fixture(scope="module")
def story() -> records.Story:
    return load_story()


@pytest.fixture
def empty() -> Iterator[Session]:
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as opened:
        set_keys(opened, KEYS)
        yield opened
    engine.dispose()


# All of it


def test_everything_in_the_story_is_stored_once(session: Session, story: records.Story) -> None:
    expected = {
        Study: len(story.studies),
        Participant: len(story.participants),
        SourceText: len(story.sessions) + sum(log.ended_at is not None for log in story.logs),
        Highlight: len(story.highlights) + len(_typed_marks(story)) + sum(len(one.accepted) for one in story.readings),
        Tag: len(story.tags),
        Insight: len(story.insights) + sum(bool(offer.claim) for one in story.readings for offer in one.accepted),
        Recommendation: len(story.recommendations),
        Decision: len(story.decisions),
        DecisionLink: sum(len(decision.links) for decision in story.decisions),
        Measure: len(story.measures),
        Reading: sum(len(measure.readings) for measure in story.measures),
        OutcomeCheck: len(story.checks),
        Member: len(story.members),
        LiveLog: len(story.logs),
        LogLine: sum(len(log.lines) for log in story.logs),
        CodingRound: len(story.rounds),
        LayerCoding: sum(len(each.tags) for one in story.rounds for layer in one.layers for each in layer.codings),
        Board: len(story.boards),
        BoardCard: sum(len(board.highlights) for board in story.boards),
        Theme: sum(cluster.theme is not None for board in story.boards for cluster in board.clusters),
        Memo: len(story.memos),
        Comment: sum(1 + len(comment.answers) for comment in story.comments),
    }

    stored = {kind: session.scalar(select(func.count()).select_from(kind)) for kind in expected}

    assert stored == expected


def test_the_summary_counts_what_is_stored(demo: Demo, story: records.Story) -> None:
    counts = demo.summary.counts

    assert counts["sessions"] + counts["reports"] == len(story.sessions) + len(story.logs)
    assert counts["highlights"] > len(story.highlights)
    assert counts["insights"] == len(story.insights) + 1
    assert counts["decisions"] == len(story.decisions)


def test_progress_runs_to_the_last_act(demo: Demo) -> None:
    total = demo.progress[0][1]

    assert demo.progress == [(number, total) for number in range(1, total + 1)]


# Who can sign in


def test_the_logins_open_the_accounts_they_name(demo: Demo, session: Session) -> None:
    for login in demo.summary.logins:
        member = session.scalars(select(Member).where(Member.email == login.email)).one()
        assert member.name == login.name
        assert password_matches(member.password_hash, login.password), login.role


def test_a_given_password_is_taken_and_the_others_are_random(demo: Demo) -> None:
    passwords = {login.role: login.password for login in demo.summary.logins}

    assert tuple(passwords) == LOGINS
    assert passwords["researcher"] == GIVEN["researcher"]
    assert len(set(passwords.values())) == len(LOGINS)


def test_nobody_else_can_sign_in(session: Session) -> None:
    with_password = session.scalar(select(func.count(Member.id)).where(Member.password_hash.is_not(None)))

    assert with_password == len(LOGINS)


# What was said


def test_every_highlight_holds_its_words_in_its_text(session: Session, story: records.Story) -> None:
    rows = session.execute(select(Highlight, TextVersion.text).join(TextVersion)).all()

    assert all(text[highlight.start : highlight.end] == highlight.exact for highlight, text in rows)
    told, stored = Counter(one.exact for one in story.highlights), Counter(highlight.exact for highlight, _ in rows)
    assert told <= stored
    assert set(_typed_marks(story)) <= set(stored)


def test_a_highlight_names_its_speaker_where_the_story_does(session: Session, story: records.Story) -> None:
    """Where only one person was there, everything that was said is theirs."""
    present = {one.key: one.participants for one in story.sessions}
    alone = {key: codes[0] for key, codes in present.items() if len(codes) == 1}
    speakers = select(Highlight.exact, Participant.code).join(Participant, Participant.id == Highlight.participant_id)

    stored = dict(session.execute(speakers).all())

    expected = {one.exact: one.participant or alone.get(one.session) for one in story.highlights}
    assert {exact: code for exact, code in stored.items() if exact in expected} == {
        exact: code for exact, code in expected.items() if code
    }
    assert {exact: stored.get(exact) for exact in _typed_marks(story)} == {
        line.words: line.participant for line in _typed_marks(story).values()
    }


def test_no_text_begins_with_front_matter_and_each_original_is_kept_whole(demo: Demo, session: Session) -> None:
    current = TextVersion.id == SourceText.current_version_id
    rows = session.execute(select(SourceText.sha256, TextVersion.text).join(TextVersion, current)).all()
    originals = {
        hashlib.sha256(path.read_bytes()).hexdigest(): path.read_bytes()
        for path in (DEMO_FOLDER / "sources").rglob("*.md")
    }

    assert not [text for _, text in rows if text.startswith("---")]
    forms = select(Consent.evidence_sha256).where(Consent.evidence_sha256.is_not(None))
    kept = set(session.scalars(select(Attachment.sha256).where(Attachment.sha256.not_in(forms))))
    # What was typed live has no file.
    imported = {digest for digest, _ in rows if digest is not None}
    drawn = set(session.scalars(select(ChangeImage.sha256)))
    assert kept == imported | drawn
    assert all(demo.files.read(digest) == originals[digest] for digest in imported)


def test_sessions_stand_on_the_days_and_with_the_people_of_the_story(session: Session, story: records.Story) -> None:
    stored = session.execute(select(ResearchSession.title, ResearchSession.held_on, ResearchSession.status)).all()

    written_up = {True: SessionStatus.WRITTEN_UP, False: SessionStatus.HELD}
    assert {tuple(row) for row in stored} == {
        (one.title, TODAY + timedelta(days=one.day), SessionStatus.CODED) for one in story.sessions if one.participants
    } | {(one.title, TODAY + timedelta(days=one.day), written_up[one.ended_at is not None]) for one in story.logs}


def test_the_work_of_the_studies_is_told_too(demo: Demo, session: Session, story: records.Story) -> None:
    consents = session.scalars(select(Consent)).all()
    hours = session.execute(select(Attendance.role, func.count()).group_by(Attendance.role)).all()
    planned = session.scalars(select(Study).where(Study.plan != "")).all()

    assert len(consents) == sum(len(one.participants) for one in story.consents)
    assert all(demo.files.read(each.evidence_sha256) for each in consents if each.evidence_sha256)
    assert {one.withdrawn_scopes.get("publish", "") != "" for one in consents} == {True, False}
    held = sum(bool(one.participants) for one in story.sessions) + sum(one.ended_at is not None for one in story.logs)
    assert dict(hours)[AttendanceRole.MODERATOR] == held
    assert len(planned) == len(story.plans)
    assert all(study.prior_work_checked_on for study in session.scalars(select(Study)))


# What it shows of each tool


def test_a_session_was_logged_by_two_and_paused_once(session: Session, story: records.Story) -> None:
    told = next(log for log in story.logs if log.ended_at is not None)
    held = session.scalars(select(ResearchSession).where(ResearchSession.title == told.title)).one()
    log = session.scalars(select(LiveLog).where(LiveLog.research_session_id == held.id)).one()
    lines = session.scalars(select(LogLine).where(LogLine.live_log_id == log.id).order_by(LogLine.typed_ms)).all()

    assert [line.text for line in lines] == [line.text for line in told.lines]
    assert [line.typed_ms for line in lines] == [line.at * 1000 for line in told.lines]
    assert len({line.observer_id for line in lines}) == 2
    assert log.pauses == [[told.pauses[0].at * 1000, (told.pauses[0].until or 0) * 1000]]
    assert held.minutes == 43
    notes = session.get_one(TextVersion, log.text_version_id).text
    assert notes.split("\n\n") == [paragraph_of(parse_line(line.text).words) for line in told.lines]


def test_one_log_is_open_today_and_waits(session: Session, story: records.Story) -> None:
    waiting = session.scalars(select(LiveLog).where(LiveLog.ended_at.is_(None))).one()

    assert is_paused(waiting)
    assert waiting.started_at.astimezone().date() == TODAY
    assert waiting.sequence == 0


def test_a_report_was_read_and_some_of_what_it_says_still_waits(session: Session, story: records.Story) -> None:
    states = Counter(session.scalars(select(Offer.status)))

    assert states[OfferStatus.ACCEPTED] == len(story.readings[0].accepted)
    assert states[OfferStatus.DISMISSED] == len(story.readings[0].dismissed)
    assert states[OfferStatus.OPEN] >= 3


def test_two_coders_agree_on_much_and_not_on_all(session: Session, story: records.Story) -> None:
    maya = session.scalars(select(Member).where(Member.role == Role.RESEARCHER).order_by(Member.id)).first()
    ended = session.scalars(select(CodingRound).where(CodingRound.ended_at.is_not(None))).one()
    assert maya is not None
    page = round_page(session, maya, ended)
    first, second = sorted(session.scalars(select(LayerCoding.coder_id).distinct()))

    rows = compare(session, ended, page, first_id=first, second_id=second, unit=Unit.PARAGRAPH)

    assert 0.4 < (rows[-1].agreement.kappa or 0) < 0.95


def test_a_board_has_a_theme_three_clusters_and_a_tray(session: Session, story: records.Story) -> None:
    maya = session.scalars(select(Member).where(Member.role == Role.RESEARCHER).order_by(Member.id)).first()
    assert maya is not None
    page = board_page(session, maya, session.scalars(select(Board)).one())

    assert [cluster.title for cluster in page.clusters] == [cluster.title for cluster in story.boards[0].clusters]
    assert [bool(cluster.theme_ref) for cluster in page.clusters] == [True, False, False]
    assert len(page.cards) == len(story.boards[0].highlights) >= 12
    assert page.tray.cards


def test_a_comment_was_answered_and_resolved_and_another_waits_for_the_researcher(session: Session) -> None:
    maya = session.scalars(select(Member).where(Member.role == Role.RESEARCHER).order_by(Member.id)).first()
    assert maya is not None
    resolved = session.scalars(select(Comment).where(Comment.resolved_at.is_not(None))).one()

    assert session.scalar(select(func.count(Comment.id)).where(Comment.parent_id == resolved.id)) == 2
    assert [mention.subject_ref[:3] for mention in list_mentions(session, maya)] == ["DEC"]


def test_searches_and_records_are_followed_as_the_story_has_it(session: Session, story: records.Story) -> None:
    follows = session.scalars(select(Follow).order_by(Follow.id)).all()
    searches = [each for each in follows if each.is_search]

    assert {each.name: (each.question, each.mail) for each in searches} == {
        each.name: (each.question, each.mail) for each in story.searches
    }
    # Nothing that a search finds when it is looked at for the first time counts as new.
    assert [each.known for each in searches] == [None] * len(story.searches)
    assert len(follows) - len(searches) == len(story.follows)
    assert session.scalars(select(FoundItem)).all() == []


def test_a_tray_is_filled_and_a_collection_shared_with_everybody(session: Session, story: records.Story) -> None:
    (told,) = story.collections
    maya, tomos = _member(session, "maya.osei"), _member(session, "tomos.price")
    jonas = _member(session, "jonas.weber")

    kept = list_tray(session, tomos)
    (shared,) = list_collections(session, maya)
    (seen,) = list_collections(session, jonas)
    collection, _row = get_collection(session, jonas, shared.ref)
    # One person in the session of the third entry agreed to no sharing beyond the study.
    open_to_all = [each.note for each in told.entries if each.kind != "highlight"]

    assert [each.note for each in kept] == [each.note for each in story.gathered if each.by == "designer"]
    assert {each.record.kind for each in kept} == {"insight", "highlight", "decision"}
    assert (shared.title, shared.items) == (told.title, len(told.entries))
    assert [each.note for each in items_of(session, maya, collection)] == [each.note for each in told.entries]
    assert [each.note for each in items_of(session, jonas, collection)] == open_to_all
    assert seen.items == len(open_to_all)


def test_research_was_asked_for_planned_answered_and_still_waits(session: Session, story: records.Story) -> None:
    rows = {row.title: row for row in list_requests(session, _member(session, "tomos.price"), RequestFilter())}

    for told in story.requests:
        row = rows[told.title]
        assert row.status == ("open" if told.answer is None else told.answer.status)
        assert row.backers == 1 + len(told.backed_by)
    assert [each.words for each in unanswered_questions(session)] == ["Reminders in Polish"]


def test_the_list_of_words_that_mean_the_same_is_begun(session: Session) -> None:
    groups = [group.expressions for group in list_synonym_groups(session)]

    assert len(groups) == len(STARTING_GROUPS)
    assert any("sign in" in group for group in groups)


def test_the_restricted_study_is_hidden_from_those_it_does_not_name(session: Session) -> None:
    members = {member.email.split("@")[0]: member for member in session.scalars(select(Member))}

    assert len(hidden_study_ids(session, members["tomos.price"])) == 1
    assert not hidden_study_ids(session, members["maya.osei"])


# What became of it


def test_every_insight_is_in_the_state_the_story_gives_it(session: Session, story: records.Story) -> None:
    """But for the one whose decision changed nothing: its outcome challenges it."""
    stored = dict(session.execute(select(Insight.claim, Insight.status)).all())

    expected = {insight.current_claim: insight.status for insight in story.insights}

    different = {claim for claim in expected if stored[claim] is not expected[claim]}
    assert different == {_claim(story, "schools_banner")}
    assert stored[_claim(story, "schools_banner")] is InsightStatus.CHALLENGED


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("hpv_pharmacy", DispositionState.PARKED),
        ("family_two_places", DispositionState.OPEN),
        ("revenue_print", DispositionState.NO_ACTION),
        ("hpv_clinic", DispositionState.DECLINED),
        ("family_cannot_know", DispositionState.DECLINED),
        ("hpv_invite_personal", DispositionState.ACTED_ON),
        ("schools_banner", DispositionState.ACTED_ON),
        ("booking_hang_up", DispositionState.OPEN),
    ],
)
def test_an_insight_has_the_answer_the_story_gives_it(
    session: Session, story: records.Story, key: str, expected: DispositionState
) -> None:
    insight = session.scalars(select(Insight).where(Insight.claim == _claim(story, key))).one()

    assert dispositions(session, [insight.id], on=TODAY)[insight.id].state is expected


@pytest.mark.parametrize(
    ("decision", "insight", "expected"),
    [
        ("dec_text_pair", "hpv_sms_distrust", LinkStatus.OUTDATED),
        ("dec_personal", "hpv_sms_distrust", LinkStatus.CURRENT),
        ("dec_personal", "hpv_invite_personal", LinkStatus.CURRENT),
        ("dec_vetted", "revenue_trust", LinkStatus.OUTDATED),
        ("dec_home", "revenue_scope", LinkStatus.UNSUPPORTED),
        ("dec_numbers_first", "revenue_narrative", LinkStatus.CHALLENGED),
        ("dec_numbers_first", "revenue_explain", LinkStatus.CHALLENGED),
        ("dec_full_page_sync", "schools_banner", LinkStatus.CHALLENGED),
        ("dec_keep_clinic", "hpv_clinic", LinkStatus.UNWANTED),
    ],
)
def test_a_link_is_worth_what_the_story_says(
    session: Session, story: records.Story, decision: str, insight: str, expected: LinkStatus
) -> None:
    assert _status(session, story, decision, insight) is expected


def test_every_other_link_is_current(session: Session, story: records.Story) -> None:
    statuses = Counter(
        _status(session, story, decision.key, link.insight) for decision in story.decisions for link in decision.links
    )

    assert statuses[LinkStatus.OUTDATED] == 2
    assert statuses[LinkStatus.UNSUPPORTED] == 1
    assert statuses[LinkStatus.CHALLENGED] == 3
    assert statuses[LinkStatus.ORPHANED] == 0


def test_every_decision_has_the_status_and_the_day_of_the_story(session: Session, story: records.Story) -> None:
    rows = session.execute(select(Decision.title, Decision.status, Decision.decided_on, Decision.delivery_state)).all()

    assert {tuple(row) for row in rows} == {
        (
            one.title,
            one.status,
            None if one.decided_day is None else TODAY + timedelta(days=one.decided_day),
            one.delivery_state,
        )
        for one in story.decisions
    }


def test_a_superseded_decision_names_its_successor(session: Session, story: records.Story) -> None:
    titles = {decision.key: decision.title for decision in story.decisions}
    old = session.scalars(select(Decision).where(Decision.status == DecisionStatus.SUPERSEDED)).all()

    found = {one.title: session.get_one(Decision, one.superseded_by_id).title for one in old}

    assert found == {
        titles["dec_leaflets"]: titles["dec_one_call"],
        titles["dec_ajax"]: titles["dec_htmx"],
    }


def test_an_explained_contradiction_leaves_nothing_open_behind(session: Session, story: records.Story) -> None:
    pair = [_claim(story, key) for key in ("hpv_sms_distrust", "hpv_text_with_email")]
    ids = session.scalars(select(Insight.id).where(Insight.claim.in_(pair))).all()

    rows = session.scalars(
        select(Contradiction).where(or_(Contradiction.insight_id.in_(ids), Contradiction.other_insight_id.in_(ids)))
    ).all()

    assert rows
    assert {row.status for row in rows} == {ContradictionStatus.EXPLAINED}
    assert all(row.explanation for row in rows)


def test_every_check_says_what_the_story_says_and_reads_its_measure_once(
    session: Session, story: records.Story
) -> None:
    rows = session.execute(
        select(Measure.name, OutcomeCheck.due_on, OutcomeCheck.verdict, OutcomeCheck.recorded_on)
        .join(Measure, Measure.id == OutcomeCheck.measure_id)
        .order_by(OutcomeCheck.id)
    ).all()
    names = {measure.key: measure.name for measure in story.measures}

    assert Counter(tuple(row) for row in rows) == Counter(
        (
            names[check.measure],
            TODAY + timedelta(days=check.due_day),
            check.verdict,
            None if check.recorded_day is None else TODAY + timedelta(days=check.recorded_day),
        )
        for check in story.checks
    )


# When


def test_the_days_of_the_record_are_those_of_the_story_and_in_order(session: Session) -> None:
    moments = session.scalars(select(ActivityEntry.at).order_by(ActivityEntry.id)).all()

    assert list(moments) == sorted(moments)
    assert moments[0].astimezone().date() == TODAY - timedelta(days=545)
    assert moments[-1].astimezone().date() <= TODAY


def test_publication_and_acceptance_are_dated_in_the_story(session: Session, story: records.Story) -> None:
    published = dict(session.execute(select(Insight.claim, Insight.published_at)).all())

    assert {claim: moment.astimezone().date() for claim, moment in published.items() if moment} == {
        insight.current_claim: TODAY + timedelta(days=insight.published_day)
        for insight in story.insights
        if insight.published_day is not None
    }


# What it refuses


def test_a_database_with_a_study_is_left_alone(session: Session, demo: Demo) -> None:
    before = session.scalar(select(func.count(ActivityEntry.id)))

    with pytest.raises(RuleBroken, match="empty"):
        load_demo(session, files=demo.files, today=TODAY)

    assert session.scalar(select(func.count(ActivityEntry.id))) == before


@pytest.mark.parametrize(
    ("passwords", "expected"), [({"king": "a long enough password"}, "king"), ({"leader": "short"}, "12 to 200")]
)
def test_a_password_that_cannot_be_taken_is_refused(
    empty: Session, demo: Demo, passwords: dict[str, str], expected: str
) -> None:
    with pytest.raises(InvalidInput, match=expected):
        load_demo(empty, files=demo.files, today=TODAY, passwords=passwords)


def test_time_goes_on_as_before_once_the_story_is_told(empty: Session, demo: Demo) -> None:
    moment = datetime(2031, 5, 6, tzinfo=UTC)
    set_clock(empty, FixedClock(moment))

    with pytest.raises(InvalidInput):
        load_demo(empty, files=demo.files, today=TODAY, passwords={"leader": "short"})

    assert now(empty) == moment


def _claim(story: records.Story, key: str) -> str:
    return next(insight.current_claim for insight in story.insights if insight.key == key)


def _status(session: Session, story: records.Story, decision_key: str, insight_key: str) -> LinkStatus:
    title = next(one.title for one in story.decisions if one.key == decision_key)
    link, decision, insight = session.execute(
        select(DecisionLink, Decision, Insight)
        .join(Decision, Decision.id == DecisionLink.decision_id)
        .join(Insight, Insight.id == DecisionLink.insight_id)
        .where(Decision.title == title, Insight.claim == _claim(story, insight_key))
    ).one()
    open_against = select(Contradiction.id).where(
        Contradiction.status == ContradictionStatus.OPEN,
        or_(Contradiction.insight_id == insight.id, Contradiction.other_insight_id == insight.id),
    )
    return link_status(
        insight_status=insight.status,
        insight_fingerprint=insight.fingerprint,
        pinned_fingerprint=link.fingerprint,
        contradicted=session.scalars(open_against).first() is not None,
        declared_basis=decision.basis is not None,
    )


def _typed_marks(story: records.Story) -> dict[str, MarkedLine]:
    """The lines of ended logs that became highlights, by what stands in the notes."""
    lines = (parse_line(line.text) for log in story.logs if log.ended_at is not None for line in log.lines)
    return {paragraph_of(line.words): line for line in lines if line.is_coded}


def _member(session: Session, name: str) -> Member:
    return session.scalars(select(Member).where(Member.email == f"{name}@example.org")).one()


def test_names_lie_in_the_vault_and_what_protects_them_is_told(session: Session, story: records.Story) -> None:
    helen = _member(session, "helen.byrne")

    people = {each.code: each for each in session.scalars(select(Participant))}
    for told in story.identities:
        (kept,) = open_identities(session, people[told.participant])
        assert kept.who.name == told.name
    waiting = [each.participant for each in story.subject_requests if each.answered_day is None]
    assert [row.code for row in requests_of_subjects(session, helen)] == waiting
    soon = [(row.title, row.kind, row.soon) for row in list_due(session, helen) if row.soon]
    assert soon == [("What should an invitation to test yourself say?", DataClass.IDENTITY, 1)]
    assert [row.state for row in list_glass(session, helen)] == [GlassState.ENDED] * len(story.let_in)
