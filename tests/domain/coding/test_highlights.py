"""Highlights hold their words: at the place, through edits of the text, and by words that a person types."""

from __future__ import annotations

import pytest
from factories import NOTES, QUOTE, make_highlight, make_member, make_session, make_study, source_of, text_of
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from insights.coding.models import Highlight, HighlightStatus
from insights.coding.operations import edit_source_text, highlight_passage, set_highlight_dropped
from insights.coding.passages import find_passage
from insights.coding.queries import highlights_of_source, list_tags
from insights.core.base import Base
from insights.core.errors import InvalidInput, RuleBroken, StaleRecord
from insights.core.keys import Keys, set_keys


def words_under(session: Session, highlight: Highlight) -> str:
    from_version = session.connection().exec_driver_sql(
        "SELECT text FROM text_versions WHERE id = ?", (highlight.text_version_id,)
    )
    text: str = from_version.scalar_one()
    return text[highlight.start : highlight.end]


def test_a_highlight_keeps_the_words_under_it_without_the_space_around(session: Session) -> None:
    maya = make_member(session)
    source = source_of(session, make_session(session, actor=maya, notes="One.   Two three.   Four."))

    highlight = highlight_passage(session, actor=maya, source=source, start=4, end=18)

    assert highlight.exact == "Two three."
    assert words_under(session, highlight) == "Two three."


def test_highlights_may_overlap(session: Session) -> None:
    maya = make_member(session)
    held = make_session(session, actor=maya)
    make_highlight(session, actor=maya, research_session=held, words="I saw positive and I stopped")
    make_highlight(session, actor=maya, research_session=held, words="I stopped reading. I rang")

    rows = highlights_of_source(session, source_of(session, held).id)

    assert [row.exact for row in rows] == ["I saw positive and I stopped", "I stopped reading. I rang"]


def test_tags_come_with_their_parents_and_the_same_tag_is_used_again(session: Session) -> None:
    maya = make_member(session)
    held = make_session(session, actor=maya)
    make_highlight(session, actor=maya, research_session=held, tags=["trust/links", "fear"])
    make_highlight(session, actor=maya, research_session=held, words="It should say", tags=["Trust/Links"])

    uses = {row.path: row.highlights for row in list_tags(session, maya)}

    assert uses == {"fear": 1, "trust": 0, "trust/links": 2}


def test_an_edit_before_the_quote_moves_it_and_its_words_stay(session: Session) -> None:
    maya = make_member(session)
    study = make_study(session, actor=maya)
    held = make_session(session, actor=maya, study=study)
    highlight = make_highlight(session, actor=maya, research_session=held)
    source = source_of(session, held)

    carried = edit_source_text(
        session, actor=maya, source=source, study=study, text="A new first line.\n\n" + NOTES, version_number=1
    )

    assert (carried.moved, carried.orphaned) == (1, 0)
    assert words_under(session, highlight) == QUOTE


def test_a_quote_whose_words_are_gone_is_orphaned_and_keeps_what_was_heard(session: Session) -> None:
    maya = make_member(session)
    study = make_study(session, actor=maya)
    held = make_session(session, actor=maya, study=study)
    highlight = make_highlight(session, actor=maya, research_session=held)

    carried = edit_source_text(
        session,
        actor=maya,
        source=source_of(session, held),
        study=study,
        text="Something else was said.",
        version_number=1,
    )

    assert carried.orphaned == 1
    assert highlight.status is HighlightStatus.ORPHANED
    assert highlight.exact == QUOTE
    assert words_under(session, highlight) == QUOTE


def test_two_people_who_edit_the_notes_are_both_shown(session: Session) -> None:
    maya = make_member(session)
    study = make_study(session, actor=maya)
    source = source_of(session, make_session(session, actor=maya, study=study, notes="First."))
    edit_source_text(session, actor=maya, source=source, study=study, text="Theirs.", version_number=1)

    with pytest.raises(StaleRecord) as refused:
        edit_source_text(session, actor=maya, source=source, study=study, text="Mine.", version_number=1)

    assert (refused.value.theirs, refused.value.mine) == ({"notes": "Theirs."}, {"notes": "Mine."})
    assert text_of(session, source) == "Theirs."


@pytest.mark.parametrize("text", ["", "\u200b\u200b", "a" * 2_500_001])
def test_notes_edited_to_nothing_or_beyond_the_limit_are_refused_and_stay(session: Session, text: str) -> None:
    maya = make_member(session)
    study = make_study(session, actor=maya)
    source = source_of(session, make_session(session, actor=maya, study=study, notes="First."))

    with pytest.raises(InvalidInput):
        edit_source_text(session, actor=maya, source=source, study=study, text=text, version_number=1)

    assert text_of(session, source) == "First."


def test_a_selection_made_on_an_older_text_stores_nothing(session: Session) -> None:
    maya = make_member(session)
    study = make_study(session, actor=maya)
    source = source_of(session, make_session(session, actor=maya, study=study))
    old = source.current_version_id
    edit_source_text(session, actor=maya, source=source, study=study, text="Shorter.", version_number=1)

    with pytest.raises(RuleBroken, match="nothing was stored"):
        highlight_passage(session, actor=maya, source=source, start=0, end=4, text_version_id=old)


def test_a_dropped_highlight_comes_back_as_it_was(session: Session) -> None:
    maya = make_member(session)
    highlight = make_highlight(session, actor=maya, tags=["fear"])

    set_highlight_dropped(session, actor=maya, highlight=highlight, dropped=True)
    gone = highlights_of_source(session, highlight.source_text_id)
    set_highlight_dropped(session, actor=maya, highlight=highlight, dropped=False)

    assert gone == []
    assert highlights_of_source(session, highlight.source_text_id)[0].tags == ("fear",)


@pytest.mark.parametrize(
    ("text", "words", "found"),
    [
        ("She said **it is** late.", "it is late", "it is** late"),
        ("A [link](https://example.org) to it", "link to it", "link](https://example.org) to it"),
        ("One two\nthree four", "two three", "two\nthree"),
        ("first words, many more, last words", "first words … last words", "first words, many more, last words"),
    ],
)
def test_typed_words_are_found_as_a_reader_sees_them(text: str, words: str, found: str) -> None:
    start, end = find_passage(text, words)

    assert text[start:end] == found


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        ("absent", "not in the text"),
        ("again", "more than once"),
        ("  ", "Enter the words"),
        ("again … never", "more than"),
    ],
)
def test_typed_words_that_do_not_settle_a_place_say_why(words: str, complaint: str) -> None:
    with pytest.raises(InvalidInput, match=complaint):
        find_passage("again and again", words)


@settings(max_examples=40, deadline=None)
@given(
    before=st.text(alphabet="añ早🙂e\u0301 .\n", max_size=30),
    after=st.text(alphabet="añ早🙂e\u0301 .\n", max_size=30),
    new_before=st.text(alphabet="bœ語🎈 .\n", max_size=30),
)
def test_whatever_is_edited_a_quote_in_use_equals_the_text_under_it(before: str, after: str, new_before: str) -> None:
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        set_keys(session, Keys.made())
        maya = make_member(session)
        study = make_study(session, actor=maya)
        held = make_session(session, actor=maya, study=study, notes=f"{before}\nthe quote itself\n{after}")
        highlight = make_highlight(session, actor=maya, research_session=held, words="the quote itself")

        edit_source_text(
            session,
            actor=maya,
            source=source_of(session, held),
            study=study,
            text=f"{new_before}\nthe quote itself\n{after}{before}",
            version_number=1,
        )

        assert highlight.exact == "the quote itself"
        assert words_under(session, highlight) == "the quote itself"
    engine.dispose()
