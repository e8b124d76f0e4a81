"""The reader's page: the whole text stands in it, said by whom and when, with every highlight and its note."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup, Tag
from factories import NOTES, QUOTE, make_highlight, make_member, make_session, make_study, source_of
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st

from insights.capture.models import ResearchSession, TextPage, Utterance
from insights.capture.queries import PageRow, UtteranceRow
from insights.coding.models import Highlight
from insights.coding.operations import edit_source_text, highlight_passage
from insights.coding.queries import Mark, tags_to_offer
from insights.core.access import Role
from insights.core.text import canonical_text
from insights.people.models import Member
from research_hub.db import reading, transaction
from research_hub.web.reader import lines_of
from research_hub.web.reader.bare import bare_lines, bare_lines_between, span_around

SignIn = Callable[[Role | Member], FlaskClient]
SAID = (
    ("Moderator", "What did you do?"),
    ("P-7K3Q", "I **stopped** reading. I rang my sister."),
    ("Moderator", "Why?"),
)
TALK = "\n".join(f"{speaker}: {words}" for speaker, words in SAID)


@pytest.fixture
def maya(app: Flask) -> Member:
    with transaction() as session:
        return make_member(session, name="Maya Osei")


@pytest.fixture
def talk(maya: Member) -> ResearchSession:
    """Three utterances without a blank line between them, as captions are written."""
    with transaction() as session:
        held = make_session(session, actor=maya, notes=TALK, participants=["P-7K3Q"])
        version = source_of(session, held).current_version_id
        at = 0
        for number, (speaker, words) in enumerate(SAID, start=1):
            end = at + len(f"{speaker}: {words}")
            said = Utterance(
                text_version_id=version, number=number, start=at, end=end, start_ms=724_000 * number, speaker=speaker
            )
            session.add(said)
            at = end + 1
        session.add(TextPage(text_version_id=version, number=1, label="iv", start=17, end=at - 1))
        return held


def page_of(client: FlaskClient, address: str) -> BeautifulSoup:
    answer = client.get(address)
    assert answer.status_code == 200
    return BeautifulSoup(answer.get_data(as_text=True), "lxml")


def seen(element: Tag) -> str:
    """What a person sees of it: markup of the source stands in the page hidden."""
    copy = BeautifulSoup(str(element), "lxml")
    for hidden in copy.select("[hidden]"):
        hidden.decompose()
    return " ".join(copy.get_text().split())


def test_who_speaks_and_when_stand_beside_the_words_and_are_not_said_twice(
    client_for: SignIn, maya: Member, talk: ResearchSession
) -> None:
    page = page_of(client_for(maya), f"/sessions/{talk.ref}")

    lines = [(seen(line.select_one(".speaker")), seen(line.select_one("[data-text]"))) for line in page.select(".line")]
    assert lines == [
        ("Moderator", "What did you do?"),
        ("P-7K3Q", "I stopped reading. I rang my sister."),
        ("Moderator", "Why?"),
    ]
    assert [each.get_text() for each in page.select(".line-time")] == ["00:12:04", "00:24:08", "00:36:12"]
    assert [each.get_text() for each in page.select(".line-page")] == ["p. iv"]


def test_a_label_is_hidden_also_where_no_times_are_known(client_for: SignIn, maya: Member) -> None:
    with transaction() as session:
        held = make_session(session, actor=maya, notes="Ana: Why?\n\nP1: **Because.**\n\nAna: Thank you.")

    page = page_of(client_for(maya), f"/sessions/{held.ref}")

    assert [seen(each) for each in page.select("[data-text]")] == ["Why?", "Because.", "Thank you."]
    assert [each.get_text() for each in page.select(".speaker")] == ["Ana", "P1", "Ana"]


def test_highlights_over_one_another_are_all_named_and_each_has_an_address(client_for: SignIn, maya: Member) -> None:
    with transaction() as session:
        held = make_session(session, actor=maya)
        first = make_highlight(session, actor=maya, research_session=held, words="I saw positive and I stopped")
        second = make_highlight(session, actor=maya, research_session=held, words="I stopped reading. I rang")
        inner = make_highlight(session, actor=maya, research_session=held, words="I stopped")

    page = page_of(client_for(maya), f"/sessions/{held.ref}")

    covered = page.find("mark", string="I stopped")
    assert isinstance(covered, Tag)
    assert covered["data-highlights"] == " ".join(str(each.id) for each in (first, second, inner))
    assert all(len(page.select(f"#{each.ref}")) == 1 for each in (first, second, inner))
    assert all(page.select_one(f"#note-{each.id}") for each in (first, second, inner))


def test_a_highlight_over_two_paragraphs_is_marked_in_both_and_noted_once(client_for: SignIn, maya: Member) -> None:
    with transaction() as session:
        held = make_session(session, actor=maya)
        quote = make_highlight(session, actor=maya, research_session=held, words="at the table.\n\n“I saw positive")

    page = page_of(client_for(maya), f"/sessions/{held.ref}")

    assert [each.get_text() for each in page.select("mark")] == ["at the table.", "“I saw positive"]
    assert len(page.select(f"#{quote.ref}")) == 1
    assert len(page.select(f"#note-{quote.id}")) == 1


def test_the_lines_that_an_act_changes_are_those_that_the_page_would_show(
    client_for: SignIn, maya: Member, talk: ResearchSession
) -> None:
    client, start = client_for(maya), TALK.index("I rang my sister")

    told = client.post(
        "/sources/SRC-1/highlights",
        data={"start": start, "end": start + 16, "tags": "helper"},
        headers={"Accept": "application/json"},
    ).json

    assert told is not None
    changed = BeautifulSoup(told["lines"], "lxml").select(".line")
    whole = page_of(client, f"/sessions/{talk.ref}")
    assert {str(line["id"]): str(line) for line in changed} == {
        str(line["id"]): str(line) for line in whole.select(".line") if line["id"] in {each["id"] for each in changed}
    }
    assert whole.select_one("mark") is not None


def test_an_act_in_place_is_undone_in_place(client_for: SignIn, maya: Member) -> None:
    with transaction() as session:
        quote = make_highlight(session, actor=maya, tags=["fear"])
    client, as_json = client_for(maya), {"Accept": "application/json"}

    saved = client.post(
        f"/highlights/{quote.ref}",
        data={"tags": "fear, trust", "observation": "Twice", "polarity": "", "severity": "2"},
        headers=as_json,
    )
    assert saved.json is not None
    undone = client.post(saved.json["undo"]["href"], data=saved.json["undo"]["fields"], headers=as_json)

    assert undone.json is not None
    assert "trust" in saved.json["lines"]
    assert "trust" not in undone.json["lines"]
    assert reading().get_one(Highlight, quote.id).observation == ""


def test_what_cannot_be_stored_is_told_in_place_and_stores_nothing(client_for: SignIn, maya: Member) -> None:
    with transaction() as session:
        make_session(session, actor=maya)

    answer = client_for(maya).post(
        "/sources/SRC-1/highlights", data={"start": 5, "end": 999_999}, headers={"Accept": "application/json"}
    )

    assert answer.status_code == 422
    assert answer.json is not None
    assert "outside the text" in answer.json["detail"]
    assert reading().query(Highlight).count() == 0


def test_the_address_of_a_highlight_that_lost_its_place_leads_to_where_it_waits(
    client_for: SignIn, maya: Member
) -> None:
    with transaction() as session:
        study = make_study(session, actor=maya)
        held = make_session(session, actor=maya, study=study)
        quote = make_highlight(session, actor=maya, research_session=held)
        edit_source_text(
            session, actor=maya, source=source_of(session, held), study=study, text="Gone.", version_number=1
        )
    client = client_for(maya)

    address = client.get(f"/highlights/{quote.ref}").location

    assert address == f"/sessions/{held.ref}#orphans"
    assert page_of(client, f"/sessions/{held.ref}").select_one("#orphans") is not None
    assert QUOTE in client.get(f"/sessions/{held.ref}?place={quote.ref}").get_data(as_text=True)


def test_the_picker_offers_first_what_this_member_used_in_this_study(maya: Member) -> None:
    with transaction() as session:
        other, study = make_member(session), make_study(session, actor=maya)
        held = make_session(session, actor=maya, study=study)
        for words, who, tags in (
            ("She opened", other, ["common"]),
            ("the letter", other, ["common"]),
            ("at the table", maya, ["old"]),
            ("I saw positive", maya, ["mine"]),
            ("I rang", maya, ["mine"]),
        ):
            made = make_highlight(session, actor=who, research_session=held, words=words, tags=tags)
            if tags == ["old"]:
                made.created_at -= timedelta(days=90)

    offered = [tag.path for tag in tags_to_offer(reading(), maya, study.id)]

    assert offered == ["mine", "old", "common"]


def test_a_page_goes_out_compressed_unless_it_may_hold_what_was_asked(
    client_for: SignIn, maya: Member, talk: ResearchSession
) -> None:
    client, accepting = client_for(maya), {"Accept-Encoding": "gzip"}

    plain = client.get(f"/sessions/{talk.ref}", headers=accepting)
    asked = client.get("/evidence?q=secret", headers=accepting)

    assert plain.headers.get("Content-Encoding") == "gzip"
    assert "Accept-Encoding" in plain.headers["Vary"]
    assert "Content-Encoding" not in asked.headers


texts = st.lists(
    st.sampled_from(
        [
            *("# Kopf", "Ana: Hi **you**.", "* a *b* [c](https://x.org)", "> said -- P9", "| a | b |"),
            *("```\nx = 1\n```", "👩\u200d👩\u200d👧 e\u0301 𝒯𝒽𝑒", "مرحبا **بك**", "<!-- no -->", "a<br>b &nbsp; c"),
        ]
    ),
    min_size=1,
    max_size=8,
)


@settings(max_examples=80, deadline=None)
@given(texts, st.lists(st.tuples(st.integers(0, 200), st.integers(1, 50)), max_size=6), st.data())
def test_every_place_in_the_page_is_a_place_in_the_text(
    parts: list[str], places: list[tuple[int, int]], data: st.DataObject
) -> None:
    text = canonical_text("\n\n".join(parts))
    cuts = sorted(data.draw(st.sets(st.integers(0, max(0, len(text) - 1)), max_size=5)))
    utterances = tuple(
        UtteranceRow(number, start, end, number * 1000, None, "Ana")
        for number, (start, end) in enumerate(zip(cuts, [*cuts[1:], len(text)], strict=False), start=1)
    )
    marks = [_mark(number, text, *place) for number, place in enumerate(places, start=1)]
    marks = [mark for mark in marks if mark.exact.strip()]

    bare = bare_lines(text, utterances, (PageRow("1", 0, len(text)),))
    lines = lines_of(bare, marks)

    for line, source in zip(lines, bare, strict=True):
        assert line.start == source.start
        assert "".join(piece.text for piece in line.pieces) == text[source.start : source.end]
    begun = [number for line in lines for piece in line.pieces for number in piece.begins]
    begun += [number for line in lines for number in line.lost]
    assert sorted(begun) == (sorted(mark.id for mark in marks) if lines else [])
    assert sorted(note.mark.id for line in lines for note in line.notes) == sorted(begun)


@settings(max_examples=40, deadline=None)
@given(texts, st.integers(0, 200), st.integers(1, 60))
def test_a_part_of_the_page_is_made_as_the_whole_makes_it(parts: list[str], start: int, length: int) -> None:
    text = canonical_text("\n\n".join(parts))
    utterances = (UtteranceRow(1, 0, len(text), 0, None, "Ana"),)

    first, last = span_around(text, start, start + length)
    within = [each for each in utterances if first <= each.start < last]
    part = bare_lines_between(text, start, start + length, within, ())

    whole = {line.anchor: line for line in bare_lines(text, utterances, ())}
    assert [(line.anchor, line.start, line.end) for line in part] == [
        (whole[line.anchor].anchor, whole[line.anchor].start, whole[line.anchor].end) for line in part
    ]


def _mark(number: int, text: str, start: int, length: int) -> Mark:
    first = start % max(1, len(text))
    return Mark(
        id=number,
        ref=f"HL-{number}",
        exact=text[first : first + length],
        start=first,
        end=min(len(text), first + length),
        status="active",
        text_version_id=1,
        observation="",
        polarity=None,
        severity=None,
        participant="",
        tags=(),
    )


def test_no_word_of_a_text_is_left_out_of_its_page(client_for: SignIn, maya: Member) -> None:
    with transaction() as session:
        held = make_session(session, actor=maya, notes=NOTES)
        source = source_of(session, held)
        highlight_passage(session, actor=maya, source=source, start=10, end=60)

    page = page_of(client_for(maya), f"/sessions/{held.ref}")

    shown = " ".join(each.get_text() for each in page.select("[data-text]"))
    assert re.sub(r"\s+", " ", shown) == re.sub(r"\s+", " ", NOTES)
