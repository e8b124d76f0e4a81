"""A researcher’s day through the plain forms, each step on what the last one left: from the live log to an insight."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from io import BytesIO

from factories import make_member, make_team
from flask.testing import FlaskClient
from sqlalchemy import select

from insights.capture.models import SourceText, TextVersion
from insights.coding.models import Highlight, Tag
from insights.core.access import Role
from insights.exchange.models import ImportFile
from insights.people.models import Member
from research_hub.db import db, reading, transaction

SignIn = Callable[[Role | Member], FlaskClient]
PROTECTED = {
    "lawful_basis": "public task",
    "sensitivity": "ordinary",
    "sharing_agreement": "none",
    "no_dpia_reason": "The programme’s covers it.",
    "status": "in_field",
}
CAPTIONS = b"""WEBVTT

00:00:01.000 --> 00:00:04.000
<v Moderator>What did you do with the letter?

00:00:05.000 --> 00:00:09.500
<v Jane Roe>I rang my sister before I had read to the end.

00:00:10.000 --> 00:00:14.000
<v Jane Roe>The date stood on the back, so I missed it.
"""


def test_the_day_leads_from_the_live_log_to_an_insight_that_can_be_checked(client_for: SignIn) -> None:
    with transaction() as session:
        team = make_team(session)
        maya, priya = (make_member(session, name=name, team=team) for name in ("Maya Osei", "Priya Raman"))
    mayas, priyas = client_for(maya), client_for(priya)
    study = _sent(mayas, "/studies", title="Letters after screening", **PROTECTED)

    session_address = _log_live(mayas, study)
    talk = _bring_in(mayas, study)
    _code_what_was_said(mayas, talk)
    _tell_what_the_tag_means(mayas)
    _compare_two_coders(mayas, priyas, study, talk, maya, priya)
    insight = _sort_and_conclude(mayas, study)

    page = _read(priyas, insight)
    assert "People who read alone miss what comes last." in page
    assert "The date stood on the back, so I missed it." in page
    assert "cannot find the date" in page
    for place in re.findall(r'href="(/highlights/HL-\d+|/s[a-z]+/S[A-Z]+-\d+#HL-\d+)"', _raw(priyas, insight)):
        assert priyas.get(place, follow_redirects=True).status_code == 200
    assert "cannot find the date" in _read(priyas, session_address)


def _log_live(mayas: FlaskClient, study: str) -> str:
    log = _sent(mayas, "/live-logs", study=study.rpartition("/")[2], participants="P3")
    for number, line in enumerate(("@P3 opens the letter at the table", "@P3 cannot find the date #letters !! -")):
        mayas.post(log, data={"key": f"a-line-of-the-day-{number}", "line": line})
    mayas.post(f"{log}/end")
    page = _read(mayas, log.removesuffix("/live"))
    assert "cannot find the date" in page
    assert "letters" in page
    return log.removesuffix("/live")


def _bring_in(mayas: FlaskClient, study: str) -> str:
    begun = mayas.post(f"{study}/import", data={"files": [(BytesIO(CAPTIONS), "2026-03-04 talk.vtt")]})
    assert begun.status_code == 303
    file = reading().scalars(select(ImportFile)).one()
    shown = _read(mayas, f"{begun.location}/files/{file.id}")
    assert "Jane Roe" in shown
    form = {
        "title": "A talk about the letter",
        "kind": file.choices["kind"],
        "becomes": file.choices["becomes"],
        "dated_on": "2026-03-04",
        "method": "interview",
        "role_0": "moderator",
        "code_0": "",
        "role_1": "participant",
        "code_1": "P4",
        "then": "store",
    }
    _sent(mayas, f"/imports/IMB-{file.import_batch_id}/files/{file.id}", **form)
    db.session.rollback()
    stored = reading().scalars(select(SourceText).order_by(SourceText.id.desc())).first()
    assert stored is not None
    text = _text(stored)
    assert "The date stood on the back" in text
    assert "Jane" not in text
    return stored.ref


def _code_what_was_said(mayas: FlaskClient, talk: str) -> None:
    text = _text_of(talk)
    for words, tags in (
        ("I rang my sister before I had read to the end.", "reading, help from others"),
        ("The date stood on the back, so I missed it.", "reading, letters"),
    ):
        start = text.index(words)
        answer = mayas.post(
            f"/sources/{talk}/highlights", data={"start": start, "end": start + len(words), "tags": tags}
        )
        assert answer.status_code == 303


def _tell_what_the_tag_means(mayas: FlaskClient) -> None:
    tag = _tag("reading")
    mayas.post(f"/tags/TAG-{tag}/rename", data={"name": "reading order"})
    assert "reading order" in _read(mayas, "/tags")


def _compare_two_coders(  # noqa: PLR0917 - two people at work on one text
    mayas: FlaskClient, priyas: FlaskClient, study: str, talk: str, maya: Member, priya: Member
) -> None:
    address = _sent(
        mayas,
        f"{study}/rounds",
        title="Two pairs of eyes",
        blind="y",
        coders=[maya.id, priya.id],
        sources=[talk],
        tags=[f"TAG-{_tag('letters')}"],
    )
    text, words = _text_of(talk), "The date stood on the back"
    start = text.index(words)
    for client in (mayas, priyas):
        sent = {"start": start, "end": start + len(words), "tags": "letters"}
        assert client.post(f"{address}/sources/{talk}", data=sent).status_code == 303
    mayas.post(f"{address}/end")
    assert "100 %" in _read(priyas, address)


def _sort_and_conclude(mayas: FlaskClient, study: str) -> str:
    board = _sent(mayas, "/boards", title="After the letter", study=study.rpartition("/")[2]).removesuffix("/fill")
    mayas.post(f"{board}/quotes", data={"all": "1"})
    db.session.rollback()
    quotes = list(reading().scalars(select(Highlight.id).order_by(Highlight.id)))
    cards = re.findall(r'name="card" value="(\d+:\d*)"', _raw(mayas, board))
    assert len(cards) == len(quotes) >= 3
    mayas.post(f"{board}/move", data={"card": cards, "to": "new", "title": "Read alone"})
    theme = _sent(mayas, f"{board}/clusters/1/theme")
    assert "Read alone" in _read(mayas, theme)
    return _sent(
        mayas,
        "/insights",
        claim="People who read alone miss what comes last.",
        type="actionable",
        kind="behaviour",
        quotes=", ".join(f"HL-{number}" for number in quotes),
    )


def _sent(client: FlaskClient, address: str, **data: object) -> str:
    """The address that the form leads on to."""
    answer = client.post(address, data=data)
    assert answer.status_code == 303, f"{address}: {answer.status_code} {_words(answer.get_data(as_text=True))}"
    return str(answer.location).partition("?")[0]


def _raw(client: FlaskClient, address: str) -> str:
    answer = client.get(address, follow_redirects=True)
    assert answer.status_code == 200, address
    return answer.get_data(as_text=True)


def _read(client: FlaskClient, address: str) -> str:
    return _words(_raw(client, address))


def _words(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", "", page)).split())


def _text_of(ref: str) -> str:
    db.session.rollback()
    return _text(reading().get_one(SourceText, int(ref.partition("-")[2])))


def _text(source: SourceText) -> str:
    return reading().get_one(TextVersion, source.current_version_id).text


def _tag(path: str) -> int:
    db.session.rollback()
    found = reading().scalars(select(Tag.id).where(Tag.path == path)).first()
    assert found is not None
    return found
