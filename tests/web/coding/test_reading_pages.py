from __future__ import annotations

import io
import wave
from collections.abc import Callable

import pytest
from factories import NOTES, make_highlight, make_insight, make_member, make_session, make_study, make_team, source_of
from flask.testing import FlaskClient
from sqlalchemy import select

from insights.capture.models import ResearchSession, SourceText, Study
from insights.coding.models import Highlight, HighlightStatus
from insights.coding.operations import edit_source_text
from insights.core.access import Role
from insights.people.models import Member
from insights.synthesis.operations import attach_highlight
from research_hub.db import reading, transaction

SignIn = Callable[[Role | Member], FlaskClient]


@pytest.fixture
def ana(client_for: SignIn) -> Member:
    with transaction() as session:
        return make_member(session, name="Ana Lee")


@pytest.fixture
def source(ana: Member) -> SourceText:
    with transaction() as session:
        return source_of(session, make_session(session, actor=ana, study=make_study(session, actor=ana)))


def _sound(seconds: int = 2) -> bytes:
    stream = io.BytesIO()
    with wave.open(stream, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8_000)
        file.writeframes(b"\x00\x00" * 8_000 * seconds)
    return stream.getvalue()


def test_a_highlight_is_stored_without_leaving_the_page(client_for: SignIn, ana: Member, source: SourceText) -> None:
    start = NOTES.index("I rang my sister")
    sent = {"start": start, "end": start + 16, "tags": "family", "severity": "2", "polarity": "-1"}

    answer = client_for(ana).post(
        f"/sources/{source.ref}/highlights", data=sent, headers={"Accept": "application/json"}
    )

    quote = reading().scalars(select(Highlight)).one()
    assert answer.json is not None
    assert answer.json["ref"] == quote.ref
    assert "family" in answer.json["lines"]
    assert f'id="{quote.ref}"' in answer.json["lines"]
    assert (quote.exact, quote.severity, quote.polarity) == ("I rang my sister", 2, -1)


def test_a_recording_is_attached_and_answers_any_part_of_itself(
    client_for: SignIn, ana: Member, source: SourceText
) -> None:
    client, content = client_for(ana), _sound()

    client.post(f"/sources/{source.ref}/recordings", data={"recording": (io.BytesIO(content), "talk.wav")})
    page = client.get(f"/sources/{source.ref}", follow_redirects=True).get_data(as_text=True)
    whole = client.get("/recordings/RCD-1/file")
    part = client.get("/recordings/RCD-1/file", headers={"Range": "bytes=100-199"})
    whole_bytes, part_bytes = whole.get_data(), part.get_data()
    whole.close()
    part.close()

    assert "<audio" in page
    assert whole_bytes == content
    assert part.status_code == 206
    assert part_bytes == content[100:200]
    assert whole.headers["X-Content-Type-Options"] == "nosniff"


def test_what_is_no_sound_or_film_is_refused_as_a_recording(
    client_for: SignIn, ana: Member, source: SourceText
) -> None:
    answer = client_for(ana).post(
        f"/sources/{source.ref}/recordings", data={"recording": (io.BytesIO(b"<html>hello"), "talk.mp3")}
    )

    assert answer.status_code == 422


def test_a_recording_of_a_restricted_study_is_not_played_to_others(
    client_for: SignIn, ana: Member, source: SourceText
) -> None:
    client_for(ana).post(f"/sources/{source.ref}/recordings", data={"recording": (io.BytesIO(_sound()), "talk.wav")})
    with transaction() as session:
        session.get_one(Study, source.study_id).restricted = True

    assert client_for(Role.DATA_PROTECTION).get("/recordings/RCD-1/file").status_code == 404


def test_a_voice_is_heard_by_those_alone_who_may_know_a_name(
    client_for: SignIn, ana: Member, source: SourceText
) -> None:
    client_for(ana).post(f"/sources/{source.ref}/recordings", data={"recording": (io.BytesIO(_sound()), "talk.wav")})
    with transaction() as session:
        elsewhere = make_member(session, team=make_team(session, name="Elsewhere"))

    for who in (Role.ADMINISTRATOR, Role.READER, Role.APPROVER, elsewhere):
        client = client_for(who)
        assert client.get("/recordings/RCD-1/file").status_code == 403
        page = client.get(f"/sources/{source.ref}", follow_redirects=True).get_data(as_text=True)
        assert "<audio" not in page
    with client_for(Role.DATA_PROTECTION).get("/recordings/RCD-1/file") as heard:
        assert heard.get_data() == _sound()


@pytest.mark.parametrize("kind", ["study", "session", "highlight", "tag"])
def test_a_memo_stands_with_what_it_is_about_and_comes_back_when_deleted(
    client_for: SignIn, ana: Member, source: SourceText, kind: str
) -> None:
    with transaction() as session:
        held = make_session(session, actor=ana)
        quote = make_highlight(session, actor=ana, research_session=held, tags=["letters"])
    refs = {"study": f"STU-{source.study_id}", "session": held.ref, "highlight": quote.ref, "tag": "TAG-1"}
    client = client_for(ana)

    client.post("/memos", data={"about": refs[kind], "text": "She said this *twice*."})
    listed = client.get("/memos").get_data(as_text=True)
    client.post("/memos/MMO-1/delete")
    gone = client.get("/memos").get_data(as_text=True)
    client.post("/memos/MMO-1/restore")

    assert "<em>twice</em>" in listed
    assert "<em>twice</em>" not in gone
    assert "<em>twice</em>" in client.get("/memos").get_data(as_text=True)


def test_a_quote_that_lost_its_place_is_placed_anew_by_a_person(client_for: SignIn, ana: Member) -> None:
    with transaction() as session:
        quote = make_highlight(session, actor=ana, words="I rang my sister")
        own = session.get_one(SourceText, quote.source_text_id)
        study = session.get_one(Study, own.study_id)
        text = NOTES.replace("I rang my sister before", "I telephoned a sister of mine long before")
        edit_source_text(session, actor=ana, source=own, study=study, text=text, version_number=1)
    client = client_for(ana)

    waiting = client.get("/highlights/orphaned").get_data(as_text=True)
    start = text.index("I telephoned a sister of mine")
    now_id = reading().get_one(SourceText, quote.source_text_id).current_version_id
    client.post(f"/highlights/{quote.ref}/place", data={"start": start, "end": start + 29, "text_version_id": now_id})

    placed = reading().get_one(Highlight, quote.id)
    assert "I rang my sister" in waiting
    assert placed.status is HighlightStatus.ACTIVE
    assert placed.exact == "I telephoned a sister of mine"


def test_what_an_edit_would_do_to_highlights_is_foreseen(client_for: SignIn, ana: Member) -> None:
    with transaction() as session:
        quote = make_highlight(session, actor=ana, words="I rang my sister")
    client = client_for(ana)

    answer = client.post(f"/sources/SRC-{quote.source_text_id}/foresee", data={"notes": "Nothing of it is left."})

    assert answer.status_code == 200
    assert "1" in answer.get_data(as_text=True)


def test_a_text_that_was_shown_to_one_is_shown_to_the_next_as_they_may_see_it(
    client_for: SignIn, ana: Member, source: SourceText
) -> None:
    """What was made of a text is kept; this is what would show if it were kept by too little."""
    with transaction() as session:
        quote = make_highlight(session, actor=ana, research_session=session.get_one(ResearchSession, 1))
        secret = make_study(session, actor=ana, title="Restricted", restricted=True)
        hidden = make_highlight(session, actor=ana, research_session=make_session(session, actor=ana, study=secret))
        insight = make_insight(session, actor=ana, highlight=quote)
        attach_highlight(session, actor=ana, insight=insight, highlight=hidden)
    address, anas, readers = "/sessions/SES-1", client_for(ana), client_for(Role.READER)

    def shown(client: FlaskClient) -> str:
        return client.get(address).get_data(as_text=True)

    first, again, to_reader = shown(anas), shown(anas), shown(readers)
    anas.post(f"/highlights/{quote.ref}/drop")
    dropped, dropped_to_reader = shown(anas), shown(readers)

    assert "use in an insight" in first
    assert f"/insights/{insight.ref}" in first
    assert [line for line in again.splitlines() if quote.ref in line] == [
        line for line in first.splitlines() if quote.ref in line
    ]
    assert "use in an insight" not in to_reader
    assert f'id="{quote.ref}"' in to_reader
    assert f"/insights/{insight.ref}" not in to_reader
    assert f'id="{quote.ref}"' not in dropped
    assert f'id="{quote.ref}"' not in dropped_to_reader
