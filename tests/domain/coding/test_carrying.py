"""Highlights, times and pages through edits of their text: they follow their words, or wait for a person."""

from __future__ import annotations

import pytest
from factories import NOTES, QUOTE, make_highlight, make_member, make_session, make_study, source_of, text_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from insights.capture.models import SourceText, Study, TextPage, TextVersion, Utterance
from insights.coding.carrying import CarriedOver, edit_source_text, foresee_edit
from insights.coding.models import Highlight, HighlightStatus
from insights.coding.operations import highlight_passage, set_highlight_dropped
from insights.coding.orphans import list_orphans, put_in_place, take_out_of_place
from insights.core.base import Base
from insights.core.errors import RuleBroken
from insights.core.keys import Keys, set_keys
from insights.core.text import canonical_text
from insights.people.models import Member, Participant

# One sentence each, as people say it: Latin, Arabic, Hebrew, Devanagari, Thai, Chinese, Japanese, Korean, emoji joined
# by ZWJ and with a skin tone, letters with combining marks, and letters beyond the first plane.
SCRIPTS = (
    "I saw positive and I stopped reading.",
    "قرأت الكلمة الأولى ثم توقفت عن القراءة.",
    "קראתי את המילה הראשונה והפסקתי לקרוא.",
    "मैंने पहला शब्द पढ़ा और पढ़ना बंद कर दिया।",
    "ฉันอ่านคำแรกแล้วก็หยุดอ่าน",
    "我看到第一个词就不读了。",
    "最初の言葉を見て、読むのをやめました。",
    "첫 단어를 보고 읽기를 멈췄어요.",
    "We were 👩‍👩‍👧‍👦 at the table 👍🏽 and 🏳️‍🌈 flew.",
    "Cafe\u0301 and nai\u0308ve and Z\u0351\u036b\u0343a\u0310lgo.",
    "𝒯𝒽𝑒 letter 𐍈 was 𝔲𝔫𝔯𝔢𝔞𝔡𝔞𝔟𝔩𝔢.",
)


class Edited:
    """A text with highlights that is edited again and again."""

    def __init__(self, session: Session, notes: str, *, participants: tuple[str, ...] = ()) -> None:
        self.session = session
        self.maya: Member = make_member(session)
        self.study: Study = make_study(session, actor=self.maya)
        self.held = make_session(session, actor=self.maya, study=self.study, notes=notes, participants=participants)
        self.source: SourceText = source_of(session, self.held)

    def mark(self, words: str) -> Highlight:
        return make_highlight(self.session, actor=self.maya, research_session=self.held, words=words)

    def edit(self, text: str) -> CarriedOver:
        version = self.session.get_one(TextVersion, self.source.current_version_id)
        return edit_source_text(
            self.session,
            actor=self.maya,
            source=self.source,
            study=self.study,
            text=text,
            version_number=version.number,
        )


@pytest.fixture
def notes(session: Session) -> Edited:
    return Edited(session, NOTES)


def words_under(session: Session, highlight: Highlight) -> str:
    return session.get_one(TextVersion, highlight.text_version_id).text[highlight.start : highlight.end]


def test_an_edit_says_of_each_highlight_what_became_of_it(notes: Edited) -> None:
    kept, changed, gone = notes.mark("She opened the letter"), notes.mark(QUOTE), notes.mark("Then I can breathe")

    carried = notes.edit(
        "She opened the letter at the table.\n\n“I saw the word positive and stopped reading. I rang my sister before "
        "I’d got to the bit about the GP.”\n\nNothing more was said."
    )

    assert (carried.keep_their_words, carried.orphaned) == (1, 2)
    assert kept.status is HighlightStatus.ACTIVE
    assert [changed.status, gone.status] == [HighlightStatus.ORPHANED] * 2
    assert [words_under(notes.session, each) for each in (changed, gone)] == [QUOTE, "Then I can breathe"]


def test_what_is_foreseen_is_what_then_happens_and_changes_nothing(notes: Edited) -> None:
    notes.mark("She opened the letter")
    notes.mark(QUOTE)
    new = NOTES.replace("positive", "negative")

    foreseen = foresee_edit(notes.session, source=notes.source, text=new)

    assert text_of(notes.session, notes.source) == NOTES
    assert foreseen == notes.edit(new)
    assert foreseen.orphaned == 1


def test_a_highlight_that_was_let_go_stays_away_when_its_words_are_edited_out(notes: Edited) -> None:
    quote = notes.mark(QUOTE)
    set_highlight_dropped(notes.session, actor=notes.maya, highlight=quote, dropped=True)

    carried = notes.edit("Nothing of it is left.")

    assert carried.orphaned == 0
    assert quote.status is HighlightStatus.DROPPED


def test_a_highlight_that_is_brought_back_after_an_edit_waits_for_its_place(notes: Edited) -> None:
    quote = notes.mark(QUOTE)
    set_highlight_dropped(notes.session, actor=notes.maya, highlight=quote, dropped=True)
    notes.edit("Nothing of it is left.")

    set_highlight_dropped(notes.session, actor=notes.maya, highlight=quote, dropped=False)

    assert quote.status is HighlightStatus.ORPHANED
    assert words_under(notes.session, quote) == QUOTE


def test_words_that_come_back_take_their_highlight_with_them(notes: Edited) -> None:
    quote = notes.mark(QUOTE)
    notes.edit(NOTES.replace(QUOTE, "I do not know."))
    assert quote.status is HighlightStatus.ORPHANED

    carried = notes.edit("One more line.\n\n" + NOTES)

    assert carried.returned == 1
    assert quote.status is HighlightStatus.ACTIVE
    assert text_of(notes.session, notes.source)[quote.start : quote.end] == QUOTE


def test_times_speakers_and_pages_follow_their_words(session: Session) -> None:
    said = ["Ana: Good morning.", "P1: I stopped reading.", "Ana: Why?"]
    edited = Edited(session, "\n\n".join(said), participants=("P1",))
    someone = session.scalars(select(Participant)).one()
    version = edited.source.current_version_id
    at = 0
    for number, words in enumerate(said, start=1):
        speaker = words.partition(":")[0]
        session.add(
            Utterance(
                text_version_id=version,
                number=number,
                start=at,
                end=at + len(words),
                start_ms=number * 1000,
                speaker=speaker,
                participant_id=someone.id if speaker == "P1" else None,
            )
        )
        at += len(words) + 2
    session.add(TextPage(text_version_id=version, number=1, label="3", start=0, end=at - 2))

    edited.edit("Notes, put right.\n\nAna: Good morning.\n\nP1: I stopped reading at once.\n\nAna: Why?")

    text, now = text_of(session, edited.source), edited.source.current_version_id
    rows = session.scalars(select(Utterance).where(Utterance.text_version_id == now).order_by(Utterance.number)).all()
    assert [text[row.start : row.end] for row in rows] == [
        "Ana: Good morning.",
        "P1: I stopped reading at once.",
        "Ana: Why?",
    ]
    assert [(row.start_ms, row.speaker, row.participant_id) for row in rows] == [
        (1000, "Ana", None),
        (2000, "P1", someone.id),
        (3000, "Ana", None),
    ]
    page = session.scalars(select(TextPage).where(TextPage.text_version_id == now)).one()
    assert text[page.start : page.end].endswith("Ana: Why?")


def test_who_said_it_is_told_by_the_utterance_and_else_by_who_alone_was_there(session: Session) -> None:
    maya = make_member(session)
    study = make_study(session, actor=maya)
    alone = make_highlight(
        session, actor=maya, research_session=make_session(session, actor=maya, study=study, participants=["P-7K3Q"])
    )
    two = make_highlight(
        session,
        actor=maya,
        research_session=make_session(session, actor=maya, study=study, participants=["P-1", "P-2"]),
    )

    assert alone.participant_id is not None
    assert session.get_one(Participant, alone.participant_id).code == "P-7K3Q"
    assert two.participant_id is None


def test_words_that_changed_are_offered_where_they_may_stand(notes: Edited) -> None:
    quote = notes.mark(QUOTE)
    notes.edit(NOTES.replace(QUOTE, "I saw the word positive and I stopped reading it."))

    row = list_orphans(notes.session, notes.maya)[0]

    assert (row.ref, row.heard.words) == (quote.ref, QUOTE)
    assert row.candidates[0].words == "I saw the word positive and I stopped reading it."


def test_a_person_puts_a_highlight_in_its_place_and_takes_it_out_again(notes: Edited) -> None:
    quote = notes.mark(QUOTE)
    heard = (quote.text_version_id, quote.start, quote.end)
    notes.edit(NOTES.replace(QUOTE, "I saw the word positive and stopped."))
    place = list_orphans(notes.session, notes.maya)[0].candidates[0]

    put_in_place(
        notes.session, actor=notes.maya, highlight=quote, source=notes.source, start=place.start, end=place.end
    )
    assert (quote.status, quote.exact) == (HighlightStatus.ACTIVE, place.words)
    assert list_orphans(notes.session, notes.maya) == []

    take_out_of_place(
        notes.session,
        actor=notes.maya,
        highlight=quote,
        source=notes.source,
        text_version_id=heard[0],
        place=(heard[1], heard[2]),
    )
    assert (quote.status, quote.exact) == (HighlightStatus.ORPHANED, QUOTE)


def test_a_highlight_that_has_its_place_is_not_moved_by_the_queue(notes: Edited) -> None:
    quote = notes.mark(QUOTE)

    with pytest.raises(RuleBroken, match="has its place"):
        put_in_place(notes.session, actor=notes.maya, highlight=quote, source=notes.source, start=0, end=5)


edits = st.lists(
    st.tuples(
        st.sampled_from(["put in", "take out", "change", "swap", "double"]),
        st.integers(0, 200),
        st.integers(1, 40),
        st.one_of(st.sampled_from(SCRIPTS), st.text(max_size=12)),
    ),
    min_size=1,
    max_size=4,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    sentences=st.lists(st.sampled_from(SCRIPTS), min_size=2, max_size=7),
    places=st.lists(st.tuples(st.integers(0, 300), st.integers(1, 60)), min_size=1, max_size=6),
    rounds=st.lists(edits, min_size=1, max_size=3),
)
def test_no_highlight_ever_points_at_other_words_whatever_is_edited_in_whatever_script(
    sentences: list[str],
    places: list[tuple[int, int]],
    rounds: list[list[tuple[str, int, int, str]]],
) -> None:
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        set_keys(session, Keys.made())
        edited = Edited(session, "\n\n".join(sentences))
        quotes = _marked(edited, places)
        heard = {quote.id: quote.exact for quote in quotes}

        for changes in rounds:
            edited.edit(_changed(text_of(session, edited.source), changes))
            for quote in quotes:
                assert quote.exact == heard[quote.id]
                assert words_under(session, quote) == heard[quote.id]
                here = quote.text_version_id == edited.source.current_version_id
                assert here == (quote.status is HighlightStatus.ACTIVE)
    engine.dispose()


def _marked(edited: Edited, places: list[tuple[int, int]]) -> list[Highlight]:
    text, made = text_of(edited.session, edited.source), []
    for start, length in places:
        first = start % len(text)
        if text[first : first + length].strip():
            end = min(len(text), first + length)
            made.append(
                highlight_passage(edited.session, actor=edited.maya, source=edited.source, start=first, end=end)
            )
    return made


def _changed(text: str, changes: list[tuple[str, int, int, str]]) -> str:
    for kind, place, length, words in changes:
        at = place % (len(text) + 1)
        cut = text[at : at + length]
        text = {
            "put in": text[:at] + words + text[at:],
            "take out": text[:at] + text[at + length :],
            "change": text[:at] + words + text[at + length :],
            "swap": text[at:] + "\n\n" + text[:at],
            "double": text[:at] + cut + text[at:],
        }[kind]
    return text if any(char.isalnum() for char in canonical_text(text)) else f"{text} word"
