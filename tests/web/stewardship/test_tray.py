"""The evidence tray and what becomes of it, by plain forms alone."""

from __future__ import annotations

import json
from collections.abc import Callable

from factories import (
    make_accepted_decision,
    make_highlight,
    make_insight,
    make_member,
    make_session,
    make_study,
)
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from insights.capture.operations import set_study_access
from insights.core.access import Role
from insights.decisions.models import Decision, DecisionLink
from insights.people.models import Member
from insights.stewardship.models import Collection
from insights.synthesis.answers import issue_recommendation
from research_hub.db import reading, transaction

SignIn = Callable[[Role | Member], FlaskClient]
FROM_RESULTS = {"Referer": "http://localhost/evidence?q=letter"}


def _page(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, f"{answer.status_code} from {address}"
    return answer.get_data(as_text=True)


def test_a_hit_goes_into_the_tray_and_the_reader_stays_where_they_read(client_for: SignIn) -> None:
    with transaction() as session:
        insight = make_insight(session, claim="People stop at positive.")
    reader = client_for(Role.READER)

    answer = reader.post("/tray", data={"ref": insight.ref}, headers=FROM_RESULTS)
    page = _page(reader, f"/insights/{insight.ref}")
    results = _page(reader, "/evidence?q=positive")
    tray = _page(reader, "/tray")

    assert (answer.status_code, answer.location) == (303, "/evidence?q=letter")
    assert f"{insight.ref} is in your tray." in page
    assert "data-tray-count>1</span>" in page
    assert "Take out of tray" in results
    assert "People stop at positive." in tray
    assert "rests on 1 quote in 1 study" in tray.lower()


def test_the_way_back_leads_to_no_other_machine_and_to_no_form(client_for: SignIn) -> None:
    with transaction() as session:
        insight = make_insight(session)
    reader = client_for(Role.READER)
    elsewhere = ("https://evil.example/evidence", "http://localhost//evil.example/", "http://localhost/tray/empty", "")

    for came_from in elsewhere:
        answer = reader.post("/tray", data={"ref": insight.ref}, headers={"Referer": came_from})
        assert (answer.status_code, answer.location) == (303, "/tray"), came_from


def test_a_page_that_stays_open_is_told_the_count_the_button_and_the_way_back(client_for: SignIn) -> None:
    with transaction() as session:
        insight = make_insight(session)
    reader = client_for(Role.READER)

    told = reader.post("/tray", data={"ref": insight.ref}, headers={"Accept": "application/json"}).json
    assert told is not None
    undone = reader.post(told["undo"]["href"], headers={"Accept": "application/json"}).json

    assert undone is not None
    assert (told["count"], undone["count"]) == (1, 0)
    assert "Take out of tray" in told["button"]
    assert "Put in tray" in undone["button"]


def test_what_was_taken_out_and_an_emptied_tray_come_back_by_their_undo(client_for: SignIn) -> None:
    with transaction() as session:
        first, second = (make_insight(session) for _ in range(2))
    reader = client_for(Role.READER)
    for insight in (first, second):
        reader.post("/tray", data={"ref": insight.ref})

    after_one = reader.post(f"/tray/{first.ref}/out", follow_redirects=True).get_data(as_text=True)
    reader.post(f"/tray/{first.ref}/back")
    emptied = reader.post("/tray/empty", follow_redirects=True).get_data(as_text=True)
    reader.post("/tray/fill")
    tray = _page(reader, "/tray")

    assert f'action="/tray/{first.ref}/back"' in after_one
    assert 'action="/tray/fill"' in emptied
    assert "Your tray is empty" in emptied
    assert tray.index(first.ref) < tray.index(second.ref)


def test_a_record_is_moved_by_its_button_which_keeps_the_focus(client_for: SignIn) -> None:
    with transaction() as session:
        first, second = (make_insight(session) for _ in range(2))
    reader = client_for(Role.READER)
    for insight in (first, second):
        reader.post("/tray", data={"ref": insight.ref})

    answer = reader.post(f"/tray/{second.ref}/move", data={"by": "up"})
    page = _page(reader, answer.location)

    assert page.index(second.claim) < page.index(first.claim)
    assert 'data-move="up" autofocus' in page


def test_a_note_stands_with_its_record_and_one_too_long_is_kept_on_the_page(client_for: SignIn) -> None:
    with transaction() as session:
        insight = make_insight(session)
    reader = client_for(Role.READER)
    reader.post("/tray", data={"ref": insight.ref})

    reader.post(f"/tray/{insight.ref}/note", data={"note": "For the letter."})
    refused = reader.post(f"/tray/{insight.ref}/note", data={"note": "Longer. " * 400})

    assert "For the letter." in _page(reader, "/tray")
    assert refused.status_code == 422
    assert "must be 2,000 characters or fewer" in refused.get_data(as_text=True)
    assert "Longer. Longer." in refused.get_data(as_text=True)


def test_the_tray_becomes_a_decision_draft_with_its_evidence_linked(client_for: SignIn) -> None:
    with transaction() as session:
        maya = make_member(session)
        quote = make_highlight(session, actor=maya)
        first, second = (make_insight(session, actor=maya) for _ in range(2))
    client = client_for(maya)
    for ref in (first.ref, second.ref, quote.ref):
        client.post("/tray", data={"ref": ref})

    form = _page(client, "/tray/decision")
    sent = {
        "title": "Say what happens next, first",
        "insights": [first.ref, second.ref],
        f"type-{first.ref}": "changed",
        f"rationale-{first.ref}": "It shows where people stop.",
        f"type-{second.ref}": "informed",
    }
    refused = client.post("/tray/decision", data=sent)
    done = client.post("/tray/decision", data={**sent, f"rationale-{second.ref}": "It says so too."})

    assert "What cannot be linked directly" in form
    assert f"/insights/new?quote={quote.ref}" in form
    page = refused.get_data(as_text=True)
    assert refused.status_code == 422
    assert f"Enter why {second.ref} counts, in one sentence." in page
    assert "It shows where people stop." in page
    assert len(reading().scalars(select(Decision)).all()) == 1
    decision = reading().scalars(select(Decision)).one()
    assert done.location == f"/decisions/{decision.ref}"
    assert {link.rationale for link in reading().scalars(select(DecisionLink))} == {
        "It shows where people stop.",
        "It says so too.",
    }


def test_a_reader_drafts_no_decision_and_is_not_shown_the_button(client_for: SignIn) -> None:
    with transaction() as session:
        insight = make_insight(session)
    reader = client_for(Role.READER)
    reader.post("/tray", data={"ref": insight.ref})

    assert "Draft a decision" not in _page(reader, "/tray")
    assert reader.get("/tray/decision").status_code == 403


def test_a_collection_is_shared_by_its_address_edited_by_its_owner_and_deleted_with_undo(client_for: SignIn) -> None:
    with transaction() as session:
        maya, ben = make_member(session, name="Maya"), make_member(session, name="Ben", role=Role.READER)
        first, second = (make_insight(session, actor=maya) for _ in range(2))
    mayas, bens = client_for(maya), client_for(ben)
    for insight in (first, second):
        mayas.post("/tray", data={"ref": insight.ref})
    sent = {"title": "Letters", "introduction": "What *we* know.", "entries": [first.ref, second.ref]}

    nothing = mayas.post("/collections", data={"title": "Letters", "introduction": "Kept words."})
    made = mayas.post("/collections", data={**sent, f"note-{first.ref}": "Read this first."})
    seen = _page(bens, made.location)
    refused = bens.post(made.location, data={**sent, "title": "Mine"})
    turned = {f"place-{first.ref}": "2", f"place-{second.ref}": "1", "title": "Results letters", "row_version": "1"}
    mayas.post(made.location, data={**sent, **turned})
    listed = _page(bens, "/collections")
    changed = _page(bens, made.location)

    assert nothing.status_code == 422
    assert "Tick at least one record." in nothing.get_data(as_text=True)
    assert "Kept words." in nothing.get_data(as_text=True)
    assert made.location == "/collections/COL-1"
    assert "<em>we</em>" in seen
    assert "Read this first." in seen
    assert "http://localhost/collections/COL-1" in seen
    assert refused.status_code == 403
    assert bens.get("/collections/COL-1/edit").status_code == 303
    assert "Results letters" in listed
    assert "2 records" in listed
    assert changed.index(second.claim) < changed.index(first.claim)
    assert bens.post("/collections/COL-1/delete").status_code == 403
    gone = mayas.post("/collections/COL-1/delete", follow_redirects=True).get_data(as_text=True)
    assert 'action="/collections/COL-1/restore"' in gone
    assert bens.get("/collections/COL-1").status_code == 404
    assert bens.post("/collections/COL-1/restore").status_code == 404
    assert mayas.post("/collections/COL-1/restore").status_code == 303
    assert bens.get("/collections/COL-1").status_code == 200


def test_two_who_edit_a_collection_lose_neither_text(client_for: SignIn) -> None:
    with transaction() as session:
        maya = make_member(session)
        insight = make_insight(session, actor=maya)
    client = client_for(maya)
    sent = {"title": "Letters", "introduction": "", "entries": [insight.ref]}
    client.post("/collections", data=sent)
    client.post("/collections/COL-1", data={**sent, "title": "One", "row_version": "1"})

    late = client.post("/collections/COL-1", data={**sent, "title": "Other", "row_version": "1"})

    assert late.status_code == 409
    assert "One" in late.get_data(as_text=True)
    assert "Other" in late.get_data(as_text=True)


def test_files_hold_what_the_page_shows(client_for: SignIn) -> None:
    with transaction() as session:
        maya = make_member(session)
        insight = make_insight(session, actor=maya, claim="=People stop at positive.")
    client = client_for(maya)
    client.post("/tray", data={"ref": insight.ref})
    client.post("/collections", data={"title": "Letters", "introduction": "Hello.", "entries": [insight.ref]})

    tray = client.get("/tray.csv").get_data(as_text=True)
    items = client.get("/collections/COL-1/items.csv").get_data(as_text=True)
    listed = client.get("/collections.csv").get_data(as_text=True)
    markdown = client.get("/collections/COL-1/markdown").get_data(as_text=True)

    assert f"http://localhost/insights/{insight.ref}@{insight.version}" in tray
    assert "'=People stop at positive." in tray
    assert tray.splitlines()[1:] == items.splitlines()[1:]
    assert "http://localhost/collections/COL-1" in listed
    assert markdown.startswith("# Letters\n\nHello.\n\n=People stop at positive.")
    for address in ("/tray.xlsx", "/collections/COL-1/items.xlsx", "/collections.xlsx"):
        assert client.get(address).data.startswith(b"PK")
    assert client.get("/tray.exe").status_code == 404


def test_citations_pin_the_version_and_carry_the_configured_address(app: Flask, client_for: SignIn) -> None:
    app.extensions["settings"].base_url = "https://hub.example.gov.uk"
    with transaction() as session:
        maya = make_member(session)
        insight = make_insight(session, actor=maya, claim="50% of people_stop & ring.")
        quote = make_highlight(session, actor=maya)
    client = client_for(maya)
    for ref in (insight.ref, quote.ref):
        client.post("/tray", data={"ref": ref})

    page = _page(client, "/tray/citations")
    text = client.get("/tray/citations/txt").get_data(as_text=True)
    bibtex = client.get("/tray/citations/bib").get_data(as_text=True)
    parsed = json.loads(client.get("/tray/citations/json").get_data(as_text=True))
    one = client.get(f"/cite/{insight.ref}/md")

    pinned = f"https://hub.example.gov.uk/insights/{insight.ref}@{insight.version}"
    assert pinned in page
    assert pinned in text
    assert f"https://hub.example.gov.uk/highlights/{quote.ref}" in text
    assert "“I saw positive and I stopped reading.”" in text
    assert "14 October 2026" in text
    assert r"title = {50\% of people\_stop \& ring.}" in bibtex
    assert [each["URL"] for each in parsed] == [pinned, f"https://hub.example.gov.uk/highlights/{quote.ref}"]
    assert parsed[1]["issued"] == {"date-parts": [[2026, 10, 14]]}
    assert f"[{insight.ref}]({pinned})" in one.get_data(as_text=True)
    assert one.headers["Content-Disposition"] == f'attachment; filename="{insight.ref.lower()}.md"'
    assert client.get("/tray/citations/exe").status_code == 404


def test_every_record_leads_to_its_citation(client_for: SignIn) -> None:
    with transaction() as session:
        maya = make_member(session)
        held = make_session(session, actor=maya)
        quote = make_highlight(session, actor=maya, research_session=held)
        insight = make_insight(session, actor=maya, highlight=quote)
        decision = make_accepted_decision(session, actor=maya, insight=insight)
        recommendation = issue_recommendation(session, actor=maya, text="Say it first.", insights=[insight])
    client = client_for(maya)

    for page, ref in (
        (f"/insights/{insight.ref}", insight.ref),
        (f"/sessions/{held.ref}", held.ref),
        (f"/decisions/{decision.ref}", decision.ref),
        (f"/recommendations/{recommendation.ref}", recommendation.ref),
        ("/highlights", quote.ref),
        (f"/highlights/{quote.ref}/edit", quote.ref),
    ):
        assert f'href="/cite/{ref}"' in _page(client, page), page
        assert f'data-tray-form="{ref}"' in _page(client, page), page
        assert ref in _page(client, f"/cite/{ref}")


def test_a_card_stands_without_navigation_and_can_be_framed_by_nobody(client_for: SignIn) -> None:
    with transaction() as session:
        insight = make_insight(session, claim="People <stop> at positive.")
    reader = client_for(Role.READER)

    answer = reader.get(f"/insights/{insight.ref}/card")
    page = answer.get_data(as_text=True)
    snippet = reader.get(f"/insights/{insight.ref}/card/snippet").get_data(as_text=True)
    oembed = reader.get(f"/insights/{insight.ref}/card/oembed").json

    assert '<nav aria-label="Places">' not in page
    assert "People &lt;stop&gt; at positive." in page
    assert "rests on 1 quote in 1 study" in page.lower()
    assert "published" in page
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert f'type="application/json+oembed" title="{insight.ref}"' in page
    assert "People &lt;stop&gt; at positive." in snippet
    assert "<script" not in snippet
    assert oembed is not None
    assert (oembed["version"], oembed["type"], oembed["html"]) == ("1.0", "rich", snippet)


def test_what_goes_out_of_sight_is_gone_from_every_page_count_and_file(client_for: SignIn) -> None:
    with transaction() as session:
        maya, ben = make_member(session, name="Maya"), make_member(session, name="Ben")
        secret, plain = make_study(session, actor=maya), make_study(session, actor=maya)
        held = make_session(session, actor=maya, study=secret, title="Sessioncanary")
        quote = make_highlight(session, actor=maya, research_session=held)
        hidden = make_insight(session, actor=maya, highlight=quote, claim="Canaryclaim is what they said.")
        other = make_highlight(session, actor=maya, research_session=make_session(session, actor=maya, study=plain))
        shown = make_insight(session, actor=maya, highlight=other, claim="Everybody may read this.")
    mayas, bens = client_for(maya), client_for(ben)
    for client in (mayas, bens):
        for ref in (hidden.ref, shown.ref, quote.ref, held.ref):
            client.post("/tray", data={"ref": ref})
            client.post(f"/tray/{ref}/note", data={"note": f"Canarynote on {ref}"} if ref != shown.ref else {})
    entries = [hidden.ref, shown.ref, quote.ref, held.ref]
    notes = {f"note-{ref}": "Canarynote" for ref in entries if ref != shown.ref}
    mayas.post("/collections", data={"title": "Both", "introduction": "", "entries": entries, **notes})
    mayas.post("/collections", data={"title": "Canarytitle", "introduction": "", "entries": [hidden.ref]})

    with transaction() as session:
        set_study_access(session, actor=maya, study=session.merge(secret), restricted=True, named=[maya])

    # What was said after each act, when all of it was in sight.
    _page(bens, "/tray")
    told = "".join(
        bens.get(address).get_data(as_text=True)
        for address in (
            *("/tray", "/tray.csv", "/tray/decision", "/tray/collection", "/tray/citations", "/tray/citations/json"),
            *("/collections", "/collections.csv", "/collections/COL-1", "/collections/COL-1/items.csv"),
            *("/collections/COL-1/markdown", f"/insights/{shown.ref}"),
        )
    )
    for canary in ("Canary", "Sessioncanary", hidden.ref, quote.ref, held.ref):
        assert canary not in told, canary
    assert "data-tray-count>1<" in _page(bens, "/tray")
    assert "1 record" in _page(bens, "/collections")
    unseen = [bens.get("/collections/COL-2"), bens.get("/collections/COL-99")]
    assert [answer.status_code for answer in unseen] == [404, 404]
    for ref in (hidden.ref, quote.ref, held.ref):
        for address in (f"/cite/{ref}", f"/cite/{ref}/txt", f"/insights/{ref}/card", f"/insights/{ref}/card/oembed"):
            assert bens.get(address).status_code == 404, address
        for act in ("out", "back", "move", "note"):
            assert bens.post(f"/tray/{ref}/{act}", data={"by": "up"}).status_code == 404
        assert bens.post("/collections", data={"title": "x", "introduction": "", "entries": [ref]}).status_code == 404


def test_an_owner_who_edits_keeps_in_a_collection_what_went_out_of_their_sight(client_for: SignIn) -> None:
    with transaction() as session:
        maya, ben = make_member(session, name="Maya"), make_member(session, name="Ben")
        study = make_study(session, actor=maya)
        quote = make_highlight(session, actor=maya, research_session=make_session(session, actor=maya, study=study))
        hidden = make_insight(session, actor=maya, highlight=quote)
        shown = make_insight(session, actor=maya)
    mayas, bens = client_for(maya), client_for(ben)
    bens.post("/collections", data={"title": "Both", "introduction": "", "entries": [hidden.ref, shown.ref]})
    with transaction() as session:
        set_study_access(session, actor=maya, study=session.merge(study), restricted=True, named=[maya])

    form = _page(bens, "/collections/COL-1/edit")
    bens.post("/collections/COL-1", data={"title": "Renamed", "introduction": "", "entries": [shown.ref]})

    assert hidden.ref not in form
    assert hidden.claim in _page(mayas, "/collections/COL-1")
    assert hidden.claim not in _page(bens, "/collections/COL-1")
    assert reading().scalars(select(Collection.title)).one() == "Renamed"
