"""The live log's lines, its time, and what its ending makes of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from factories import make_member, make_study, make_team
from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.capture.live_log import (
    MOST_IN_A_BATCH,
    MOST_LINES,
    Outcome,
    TypedLine,
    all_lines,
    clock_time,
    discard_empty_log,
    get_live_log,
    late_lines,
    lines_of,
    notes_of,
    paragraph_of,
    parse_line,
    running_logs,
    set_line_deleted,
    set_log_paused,
    start_live_log,
    store_lines,
    without_pauses,
)
from insights.capture.models import (
    LiveLog,
    LogLine,
    ResearchSession,
    SessionStatus,
    SourceText,
    Study,
    TextVersion,
    Utterance,
)
from insights.capture.queries import source_page
from insights.coding.live_log import add_late_lines, can_reopen, end_live_log, reopen_live_log
from insights.coding.models import Highlight, HighlightStatus
from insights.coding.operations import edit_highlight, edit_source_text, find_or_add_tag
from insights.coding.queries import highlights_of_source
from insights.core.checks import clean
from insights.core.clock import FixedClock, set_clock
from insights.core.errors import InvalidInput, NotAllowed, NotFound, RuleBroken
from insights.core.text import reading_blocks
from insights.people.models import Member

CASES = json.loads((Path(__file__).parent / "live_log_lines.json").read_text(encoding="utf-8"))
NAUGHTY = Path(__file__).parents[3].parent / "shared" / "data" / "hostile-text" / "naughty-strings" / "blns.json"
START = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


@dataclass
class Room:
    """A session that is being logged, with a clock that stands where a test puts it."""

    session: Session
    clock: FixedClock
    observer: Member
    study: Study
    held: ResearchSession
    log: LiveLog

    def at(self, seconds: float) -> None:
        self.clock.moment = START + timedelta(seconds=seconds)

    def type(self, text: str, *, at: float, key: str = "", revision: int = 1, by: Member | None = None) -> Outcome:
        self.clock.moment = max(self.clock.moment, START + timedelta(seconds=at))
        return self.send([typed(text, at=at, key=key, revision=revision)], by=by)[0]

    def send(self, lines: Sequence[TypedLine], *, by: Member | None = None) -> list[Outcome]:
        return store_lines(
            self.session,
            actor=by or self.observer,
            log=self.log,
            research_session=self.held,
            study=self.study,
            lines=lines,
        )

    def pause(self, paused: bool, *, at: float) -> None:
        self.at(at)
        set_log_paused(self.session, paused=paused, actor=self.observer, **self.where)

    def end(self) -> SourceText:
        return end_live_log(self.session, actor=self.observer, **self.where).source

    @property
    def where(self) -> dict[str, Any]:
        return {"log": self.log, "research_session": self.held, "study": self.study}

    def shown(self) -> list[str]:
        return [f"{clock_time(row.at_ms)} {row.text}" for row in all_lines(self.session, self.log)]

    def text(self) -> str:
        return source_page(self.session, self.observer, session_id=self.held.id).text

    def quotes(self) -> list[Highlight]:
        active = Highlight.status == HighlightStatus.ACTIVE
        return list(self.session.scalars(select(Highlight).where(active).order_by(Highlight.start)))


def typed(text: str, *, at: float, key: str = "", revision: int = 1, deleted: bool = False) -> TypedLine:
    moment = round(START.timestamp() * 1000 + at * 1000)
    return TypedLine(key or f"key-{abs(hash((text, at))):020}", revision, moment, text, deleted)


@pytest.fixture
def room(session: Session) -> Room:
    clock = FixedClock(START)
    set_clock(session, clock)
    observer = make_member(session, name="Maya Osei")
    study = make_study(session, actor=observer)
    held, log = start_live_log(session, actor=observer, study=study, participants=["P3"])
    return Room(session, clock, observer, study, held, log)


@pytest.mark.parametrize("case", CASES, ids=[case["line"] for case in CASES])
def test_marks_are_read_from_a_line_and_everything_else_stays_words(case: dict[str, Any]) -> None:
    read = parse_line(case["line"])

    assert read.words == case["words"]
    assert list(read.tags) == case["tags"]
    assert (read.participant, read.severity, read.polarity) == (case["participant"], case["severity"], case["polarity"])


def test_at_most_thirty_tags_are_read_and_the_next_stays_a_word() -> None:
    read = parse_line(" ".join(f"#tag-{number}" for number in range(31)))

    assert len(read.tags) == 30
    assert read.words == "#tag-30"


def test_a_tag_that_is_too_long_for_the_codebook_stays_a_word() -> None:
    assert parse_line(f"#{'a' * 120}").tags == ("a" * 120,)
    assert parse_line(f"#{'a' * 121}").words == f"#{'a' * 121}"


def test_a_line_has_the_time_at_which_it_was_typed_however_late_it_arrives(room: Room) -> None:
    room.at(600)
    room.type("first", at=5)
    room.type("second", at=65.4)

    assert room.shown() == ["00:05 first", "01:05 second"]


def test_the_time_stands_still_in_a_pause_also_for_lines_sent_after_it(room: Room) -> None:
    room.pause(True, at=60)
    room.pause(False, at=360)
    room.at(500)
    room.type("before the pause", at=30)
    room.type("in the pause", at=200)
    room.type("after the pause", at=370)

    assert room.shown() == ["00:30 before the pause", "01:00 in the pause", "01:10 after the pause"]


def test_minutes_go_on_past_the_hour() -> None:
    assert clock_time(4_503_999) == "75:03"


def test_an_open_pause_reaches_to_the_moment_that_is_asked_for() -> None:
    assert [without_pauses(each, [[10, 20], [30, None]]) for each in (5, 10, 15, 25, 40)] == [5, 10, 10, 15, 20]


def test_a_line_from_a_clock_that_is_wrong_lies_between_the_start_and_now(room: Room) -> None:
    room.at(100)
    room.send([typed("a clock behind", at=-5_000), typed("a clock ahead", at=9_000)])

    assert room.shown() == ["00:00 a clock behind", "01:40 a clock ahead"]


def test_a_line_that_is_sent_again_is_stored_once(room: Room) -> None:
    states = [room.type("once", at=5, key="the-same-key").state for _ in range(3)]

    assert states == ["stored", "known", "known"]
    assert room.shown() == ["00:05 once"]


def test_a_higher_revision_is_an_edit_that_keeps_the_time_and_a_lower_one_is_ignored(room: Room) -> None:
    room.type("teh date", at=5, key="the-same-key")
    room.type("the date", at=90, key="the-same-key", revision=3)
    late = room.type("teh old date", at=95, key="the-same-key", revision=2)

    assert room.shown() == ["00:05 the date"]
    assert (late.state, late.text, late.revision) == ("older", "the date", 3)


def test_a_batch_may_hold_a_line_and_its_edit(room: Room) -> None:
    room.send([typed("one", at=0, key="the-same-key"), typed("two", at=0, key="the-same-key", revision=2)])

    assert room.shown() == ["00:00 two"]


def test_a_line_can_be_deleted_and_brought_back(room: Room) -> None:
    room.type("said in confidence", at=5, key="the-same-key")
    set_line_deleted(
        room.session, actor=room.observer, log=room.log, study=room.study, key="the-same-key", deleted=True
    )
    gone = room.shown()
    set_line_deleted(
        room.session, actor=room.observer, log=room.log, study=room.study, key="the-same-key", deleted=False
    )

    assert (gone, room.shown()) == ([], ["00:05 said in confidence"])


def test_two_observers_see_the_lines_of_each_other_in_the_order_of_typing(room: Room) -> None:
    second = make_member(room.session, name="Priya Raman")
    room.at(100)
    room.type("from Maya, late", at=20)
    room.type("from Priya", at=10, by=second)

    rows = all_lines(room.session, room.log)
    assert [(row.observer, row.text) for row in rows] == [
        ("Priya Raman", "from Priya"),
        ("Maya Osei", "from Maya, late"),
    ]


def test_only_the_person_who_typed_a_line_changes_it(room: Room) -> None:
    second = make_member(room.session)
    room.type("mine", at=5, key="the-same-key")

    refused = room.type("theirs", at=5, key="the-same-key", revision=2, by=second)

    assert (refused.state, refused.reason) == ("refused", "Only the person who typed a line may change it.")
    with pytest.raises(InvalidInput, match="Only the person"):
        set_line_deleted(room.session, actor=second, log=room.log, study=room.study, key="the-same-key", deleted=True)
    assert room.shown() == ["00:05 mine"]


def test_the_cursor_tells_what_is_new_changed_or_deleted_and_nothing_else(room: Room) -> None:
    room.type("one", at=1, key="key-one-")
    room.type("two", at=2, key="key-two-")
    cursor = lines_of(room.session, room.log)[-1].sequence
    room.type("one, changed", at=1, key="key-one-", revision=2)
    room.send([typed("two", at=2, key="key-two-", revision=2, deleted=True)])

    told = [(row.text, row.is_deleted) for row in lines_of(room.session, room.log, since=cursor)]

    assert told == [("one, changed", False), ("two", True)]
    assert lines_of(room.session, room.log, since=room.log.sequence) == []


def test_a_line_that_cannot_be_taken_says_why_and_holds_no_other_up(room: Room) -> None:
    outcomes = room.send(
        [
            typed("x" * 2_001, at=1),
            typed(" \u200b ", at=2),
            typed("bad key", at=3, key="no spaces!"),
            typed("bad revision", at=4, revision=0),
            typed("x" * 2_000, at=5),
        ]
    )

    assert [each.state for each in outcomes] == ["refused"] * 4 + ["stored"]
    assert outcomes[0].reason == "A line takes 2,000 characters; this one has 2,001. Split it in two."


def test_a_batch_that_is_too_large_is_refused_whole(room: Room) -> None:
    with pytest.raises(InvalidInput, match="at most 200 lines"):
        room.send([typed(f"line {number}", at=number) for number in range(MOST_IN_A_BATCH + 1)])

    assert room.shown() == []


def test_a_log_takes_five_thousand_lines_and_says_what_to_do_with_the_next(room: Room) -> None:
    for first in range(0, MOST_LINES, MOST_IN_A_BATCH):
        room.send([typed(f"line {number}", at=number) for number in range(first, first + MOST_IN_A_BATCH)])

    refused = room.type("one more", at=9)

    assert refused.state == "refused"
    assert "End it and start another" in refused.reason


def test_ending_makes_one_paragraph_a_line_with_its_time_and_participant(room: Room) -> None:
    room.type("@P3 opens the letter", at=5)
    room.type("reads it twice", at=70)
    room.at(300)

    source = room.end()

    assert room.text() == "opens the letter\n\nreads it twice"
    said = room.session.scalars(select(Utterance).order_by(Utterance.number)).all()
    assert [(each.start_ms, each.speaker, room.text()[each.start : each.end]) for each in said] == [
        (5_000, "P3", "opens the letter"),
        (70_000, "", "reads it twice"),
    ]
    assert room.held.status is SessionStatus.WRITTEN_UP
    assert (room.held.minutes, room.held.observers) == (5, "Maya Osei")
    assert source.research_session_id == room.held.id


def test_a_line_with_a_tag_a_severity_or_a_sign_becomes_a_highlight_over_its_words(room: Room) -> None:
    room.type("nothing to mark", at=1)
    room.type("@P4 cannot find the date #letters/dates #fear !! -", at=2)
    room.type("+ liked it", at=3)
    room.type("@P3 just said something", at=4)

    room.end()

    first, second = room.quotes()
    assert (first.exact, first.polarity, first.severity) == ("cannot find the date", -1, 2)
    assert (second.exact, second.polarity, second.severity) == ("liked it", 1, None)
    rows = highlights_of_source(room.session, first.source_text_id)
    assert [sorted(row.tags) for row in rows] == [["fear", "letters/dates"], []]
    page = source_page(room.session, room.observer, session_id=room.held.id)
    assert page.participants == ("P3", "P4")


def test_a_line_of_marks_alone_stands_in_the_notes_as_it_was_typed(room: Room) -> None:
    room.type("#lost !!", at=1)

    room.end()

    assert [block.words for block in reading_blocks(room.text())] == ["#lost !!"]
    assert [quote.severity for quote in room.quotes()] == [2]


def test_a_tag_that_the_codebook_cannot_take_is_told_on_the_highlight_and_the_log_still_ends(room: Room) -> None:
    old = find_or_add_tag(room.session, actor=room.observer, path="old")
    long = find_or_add_tag(room.session, actor=room.observer, path="/".join(["a" * 99] * 4))
    old.redirect_to_id = long.id
    room.type("a passage #old/deeper #fear", at=1)

    room.end()

    (quote,) = room.quotes()
    assert quote.observation == "Tags that could not be added: old/deeper"
    assert [row.tags for row in highlights_of_source(room.session, quote.source_text_id)] == [("fear",)]


def test_deleted_lines_are_not_in_the_notes(room: Room) -> None:
    room.type("kept", at=1)
    room.send([typed("not kept", at=2, deleted=True)])

    room.end()

    assert room.text() == "kept"


def test_a_log_that_two_people_end_is_ended_once(room: Room) -> None:
    second = make_member(room.session)
    room.type("a line #tag", at=1)

    ended = [end_live_log(room.session, actor=each, **room.where) for each in (room.observer, second)]

    assert [each.was_running for each in ended] == [True, False]
    assert ended[0].source is ended[1].source
    assert len(room.quotes()) == 1
    assert len(room.session.scalars(select(TextVersion)).all()) == 1


def test_a_log_without_lines_is_not_ended_but_thrown_away(room: Room) -> None:
    with pytest.raises(RuleBroken, match="throw the empty log away"):
        room.end()

    discard_empty_log(room.session, actor=room.observer, **room.where)

    assert running_logs(room.session, room.observer) == []


def test_a_log_with_a_line_cannot_be_thrown_away(room: Room) -> None:
    room.type("a line", at=1)

    with pytest.raises(RuleBroken, match="so it was kept"):
        discard_empty_log(room.session, actor=room.observer, **room.where)


def test_a_line_on_its_way_brings_a_log_back_that_was_thrown_away(room: Room) -> None:
    discard_empty_log(room.session, actor=room.observer, **room.where)

    room.type("typed in the tunnel", at=1)

    assert [each.ref for each in running_logs(room.session, room.observer)] == [room.held.ref]


def test_a_line_that_comes_in_after_the_end_waits_beside_the_notes_until_it_is_added(room: Room) -> None:
    room.type("in time #tag", at=1, key="key-one-")
    room.at(60)
    room.end()
    room.type("typed in time, sent late #fear", at=30)
    waiting = [line.text for line in late_lines(room.session, room.log)]

    added = add_late_lines(room.session, actor=room.observer, **room.where)

    assert (waiting, added) == (["typed in time, sent late #fear"], 1)
    assert late_lines(room.session, room.log) == []
    assert room.text() == "in time\n\ntyped in time, sent late"
    assert [quote.exact for quote in room.quotes()] == ["in time", "typed in time, sent late"]
    page = source_page(room.session, room.observer, session_id=room.held.id)
    said = room.session.scalars(select(Utterance).where(Utterance.text_version_id == page.text_version_id)).all()
    assert [each.start_ms for each in said] == [1_000, 30_000]
    assert add_late_lines(room.session, actor=room.observer, **room.where) == 0


def test_an_edit_that_comes_in_after_the_end_waits_too(room: Room) -> None:
    room.type("teh date", at=1, key="key-one-")
    room.end()

    room.type("the date", at=1, key="key-one-", revision=2)

    assert [line.text for line in late_lines(room.session, room.log)] == ["the date"]
    assert room.text() == "teh date"


def test_late_lines_are_added_below_notes_that_somebody_edited(room: Room) -> None:
    room.type("in time #tag", at=1)
    source = room.end()
    edit_source_text(
        room.session, actor=room.observer, source=source, study=room.study, text="Intro.\n\nin time", version_number=1
    )
    room.type("late", at=2)

    add_late_lines(room.session, actor=room.observer, **room.where)

    assert room.text() == "Intro.\n\nin time\n\nlate"
    assert [quote.exact for quote in room.quotes()] == ["in time"]


def test_a_reopened_log_runs_on_and_ends_with_the_same_highlights_under_the_same_refs(room: Room) -> None:
    room.type("first #tag", at=1)
    room.at(60)
    source = room.end()
    before = [quote.ref for quote in room.quotes()]
    room.at(120)
    reopen_live_log(room.session, actor=room.observer, **room.where)
    reopened = (room.held.status, room.quotes(), source.deleted_at is not None)
    room.type("earlier #other", at=0.5)
    room.type("second", at=130)

    again = room.end()

    assert reopened == (SessionStatus.HELD, [], True)
    assert again is source
    assert room.text() == "earlier\n\nfirst\n\nsecond"
    assert [quote.exact for quote in room.quotes()] == ["earlier", "first"]
    assert room.quotes()[1].ref == before[0]
    assert room.shown()[-1] == "01:10 second"


def test_a_log_whose_notes_were_edited_stays_ended(room: Room) -> None:
    room.type("a line", at=1)
    source = room.end()
    edit_source_text(
        room.session, actor=room.observer, source=source, study=room.study, text="Another.", version_number=1
    )

    assert not can_reopen(room.session, room.log)
    with pytest.raises(RuleBroken, match="Edit the notes instead"):
        reopen_live_log(room.session, actor=room.observer, **room.where)


def test_a_log_whose_highlights_were_worked_on_stays_ended(room: Room) -> None:
    room.type("a line #tag", at=1)
    room.end()
    room.at(90)
    edit_highlight(
        room.session, actor=room.observer, highlight=room.quotes()[0], tags=["other"], observation="", polarity=None
    )

    assert not can_reopen(room.session, room.log)


def test_an_ended_log_is_neither_paused_nor_goes_on(room: Room) -> None:
    room.type("a line", at=1)
    room.end()

    with pytest.raises(RuleBroken, match="has ended"):
        room.pause(True, at=5)


def test_a_log_that_ends_in_a_pause_is_as_long_as_it_ran(room: Room) -> None:
    room.type("a line", at=1)
    room.pause(True, at=120)
    room.at(1_000)
    room.end()

    assert room.held.minutes == 2


def test_nobody_of_another_area_types_into_a_log(room: Room) -> None:
    stranger = make_member(room.session, team=make_team(room.session))

    with pytest.raises(NotAllowed):
        room.type("from elsewhere", at=1, by=stranger)
    with pytest.raises(NotAllowed):
        start_live_log(room.session, actor=stranger, study=room.study)


def test_a_log_of_a_restricted_study_is_not_there_for_others(room: Room) -> None:
    room.study.restricted = True
    other = make_member(room.session)

    with pytest.raises(NotFound):
        get_live_log(room.session, other, room.held.ref)
    assert running_logs(room.session, other) == []
    assert [each.ref for each in running_logs(room.session, room.observer)] == [room.held.ref]


@pytest.mark.parametrize(
    "words", ["# heading", "- item", "* x", "1. one", "> q", "```", "{{ x }}", "[a]: http://b.org"]
)
def test_signs_of_markdown_read_in_the_notes_as_they_were_typed(words: str) -> None:
    blocks = reading_blocks(paragraph_of(words))

    assert [(block.kind, block.words) for block in blocks] == [("paragraph", words)]


def test_plain_words_and_addresses_stand_in_the_notes_untouched() -> None:
    for words in (
        "She said: “no”.",
        "C# and C++, +44 20",
        "https://example.org/a?b=c",
        "قالت إنها لا تثق",
        "👩🏽‍💻 ok",
    ):
        assert paragraph_of(words) == words


@given(st.lists(st.text(st.characters(codec="utf-8"), min_size=1, max_size=60), min_size=1, max_size=8))
def test_whatever_is_typed_is_read_in_the_notes_line_for_line(texts: list[str]) -> None:
    _reads_as_typed(texts)


@example(["•1`", "• a `b`", "•", "\\• [a"])
@given(st.lists(st.text("#-+*_`~<>[](){}!|\\&;:=.1a •\"'/%^@", min_size=1, max_size=24), min_size=1, max_size=6))
def test_signs_in_any_order_are_read_in_the_notes_line_for_line(texts: list[str]) -> None:
    _reads_as_typed(texts)


@pytest.mark.skipif(not NAUGHTY.exists(), reason="the naughty strings lie beside the checkout")
def test_strings_that_break_software_are_stored_and_read_in_the_notes_as_they_were_typed(room: Room) -> None:
    strings = json.loads(NAUGHTY.read_text(encoding="utf-8"))
    room.at(len(strings) + 1)
    kept = [text for at, text in enumerate(strings) if room.type(text, at=at).state == "stored"]

    room.end()

    assert len(kept) > 400
    _shows(room.text(), all_lines(room.session, room.log))


def _reads_as_typed(texts: list[str]) -> None:
    lines = [LogLine(text=" ".join(clean(text).split())) for text in texts]
    shown = [line for line in lines if any(char.isalnum() for char in line.text)]
    if shown:
        _shows(notes_of(shown).text, shown)


def _shows(notes: str, lines: Sequence[Any]) -> None:
    read = [block.words for block in reading_blocks(notes) if block.number]
    meant = [" ".join((parse_line(line.text).words or line.text).split()) for line in lines]
    assert read == meant
