from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from search.world import World
from sqlalchemy import event

from insights.capture.operations import set_study_access
from insights.coding.operations import set_highlight_dropped
from insights.core.access import Role
from insights.people.models import Member
from insights.synthesis.answers import issue_recommendation
from research_hub.db import db
from research_hub.worker import make_indexer
from search_index.engine import IndexDamaged, SearchRequest, SearchResults
from search_index.engines.whoosh_engine import WhooshEngine

SignIn = Callable[[Member], FlaskClient]
Drain = Callable[[], None]


@pytest.fixture
def client(signed_in: SignIn, world: World) -> FlaskClient:
    return signed_in(world.researcher)


def page(client: FlaskClient, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, response.get_data(as_text=True)
    return response.get_data(as_text=True)


def test_a_quote_is_shown_with_the_hit_marked_who_said_it_and_a_link_to_its_place(
    client: FlaskClient, world: World, drained: Drain
) -> None:
    held = world.held(world.study("Registering"), "I gave up at the letterbox.", participants=["P-7K2M"])
    quote = world.quote(held, "gave up at the letterbox")
    drained()

    html = page(client, "/evidence?q=letterbox&kind=highlight")

    assert "gave up at the <mark>letterbox</mark>" in html
    assert "P-7K2M, 27 February 2026, interview, Registering" in html
    assert f'href="/highlights/{quote.ref}"' in html
    assert "no insight yet" in html


def test_an_insight_is_found_by_a_word_that_is_only_in_its_quote(
    client: FlaskClient, world: World, drained: Drain
) -> None:
    held = world.held(world.study(), "I gave up at the letterbox.", participants=["P-7K2M"])
    insight = world.insight("People stop half way", world.quote(held, "letterbox"))
    drained()

    html = page(client, "/evidence?q=letterbox&kind=insight")

    assert f'href="/insights/{insight.ref}"' in html
    assert "rests on 1 person in 1 study, high confidence" in html
    assert "on the shelf for" in html
    assert '<p class="small voice"><mark>letterbox</mark></p>' in html


def test_what_is_written_under_a_claim_is_not_set_as_somebodys_words(
    client: FlaskClient, world: World, drained: Drain
) -> None:
    held = world.held(world.study(), "I gave up at the letterbox.")
    world.insight("People stop half way", world.quote(held, "gave up"), body="They turn round in the driveway.")
    drained()

    html = page(client, "/evidence?q=driveway")

    assert '<p class="small">They turn round in the <mark>driveway</mark>.</p>' in html


def test_quotes_that_stand_side_by_side_in_a_snippet_are_kept_apart(
    client: FlaskClient, world: World, drained: Drain
) -> None:
    held = world.held(world.study(), "The letterbox jammed. The letterbox leaked.")
    quotes = [world.quote(held, words) for words in ("letterbox jammed", "letterbox leaked")]
    world.insight("Post gets lost", *quotes)
    drained()

    html = page(client, "/evidence?q=letterbox&kind=insight")

    assert "<mark>letterbox</mark> jammed · <mark>letterbox</mark> leaked" in html


def test_lines_of_a_note_are_parted_even_beside_an_invisible_sign(
    client: FlaskClient, world: World, drained: Drain
) -> None:
    world.held(world.study(), "- They like the letterbox\u200b\n- Although it jams")
    drained()

    assert "letterbox\u200b</mark> Although it jams" in page(client, "/evidence?q=letterbox")


def test_of_a_large_group_the_number_is_said_and_not_every_code(
    client: FlaskClient, world: World, drained: Drain
) -> None:
    world.held(world.study(), "The letterbox jammed.", participants=[f"P-{number}" for number in range(5)])
    drained()

    assert "5 people, 27 February 2026" in page(client, "/evidence?q=letterbox")


def test_a_quote_says_which_insight_and_decision_it_became(client: FlaskClient, world: World, drained: Drain) -> None:
    insight = world.insight("People stop", world.quote(world.held(world.study(), "I gave up."), "gave up"))
    decision = world.decision("Drop page two", insight)
    drained()

    html = page(client, "/evidence?q=gave&kind=highlight")

    assert f"became {insight.ref}, acted on in {decision.ref}" in html


def test_a_session_leads_to_the_paragraph_in_which_the_words_stand(
    client: FlaskClient, world: World, drained: Drain
) -> None:
    held = world.held(world.study(), "First we talked.\n\nThen the letterbox jammed.\n\nThe end.")
    drained()

    html = page(client, "/evidence?q=letterbox")
    response = client.get(f"/evidence/passage/{held.ref}?q=letterbox")

    assert f'href="/evidence/passage/{held.ref}?q=letterbox"' in html
    assert (response.status_code, response.headers["Location"]) == (303, f"/sessions/{held.ref}#p-2")


def test_facets_count_can_be_chosen_without_a_script_and_narrow_the_results(
    client: FlaskClient, world: World, drained: Drain
) -> None:
    held = world.held(world.study(), "I gave up. I gave in.")
    world.quote(held, "gave up", ["trust"])
    world.quote(held, "gave in", ["effort"])
    drained()

    everything = page(client, "/evidence?q=gave")
    narrowed = page(client, "/evidence?q=gave&tag=trust")

    assert '<input type="checkbox" name="tag" value="trust">trust<span class="num">1</span>' in everything
    assert '<input type="checkbox" name="tag" value="trust" checked>' in narrowed
    assert "3 results" in everything
    assert "1 result." in narrowed


def test_results_can_be_put_in_order_of_date_and_paged(client: FlaskClient, world: World, drained: Drain) -> None:
    study = world.study()
    for number in range(25):
        world.held(study, f"Letterbox {number}.")
    drained()

    html = page(client, "/evidence?q=letterbox&sort=newest&offset=20")

    assert "25 results, 21 to 25 shown" in html
    assert 'rel="prev" href="/evidence?q=letterbox&amp;sort=newest"' in html
    assert 'rel="next"' not in html


def test_what_was_withdrawn_since_the_index_last_heard_is_neither_shown_nor_counted(
    client: FlaskClient, world: World, drained: Drain
) -> None:
    quote = world.quote(world.held(world.study(), "I gave up at the letterbox."), "letterbox")
    drained()

    set_highlight_dropped(world.session, actor=world.researcher, highlight=quote, dropped=True)
    world.session.commit()
    html = page(client, "/evidence?q=letterbox&kind=highlight")

    assert quote.ref not in html
    assert "Nothing found" in html


def test_a_restricted_study_is_not_found_by_those_it_does_not_name(
    signed_in: SignIn, world: World, drained: Drain
) -> None:
    study = world.study("Talks about divorce")
    quote = world.quote(world.held(study, "My lawyer said no."), "lawyer")
    world.insight("Lawyers stand in the way", quote)
    drained()
    set_study_access(world.session, actor=world.researcher, study=study, restricted=True, named=[])
    world.session.commit()
    outsider = signed_in(world.member(Role.ADMINISTRATOR))

    html = page(outsider, "/evidence?q=lawyer+divorce")

    assert "Nothing found" in html
    # What was asked stands on the page, also in addresses that carry it on.
    answered = re.sub(r"lawyer(?: |\+|%2B)divorce", "", html)
    assert not any(word in answered for word in ("lawyer", "divorce", quote.ref))


def test_nothing_found_says_what_to_do_and_suggests_another_spelling(
    client: FlaskClient, world: World, drained: Drain
) -> None:
    world.held(world.study(), "I gave up at the letterbox.")
    drained()

    html = page(client, "/evidence?q=leterbox&kind=insight")

    assert "Nothing found" in html
    assert "Search without the ticked boxes" in html
    assert 'Did you mean <a href="/evidence?q=letterbox' in html


def test_an_empty_repository_teaches_the_first_step(client: FlaskClient, drained: Drain) -> None:
    drained()

    html = page(client, "/evidence")

    assert "Create the first study" in html
    assert 'href="/studies/new"' in html


def test_without_words_everything_in_sight_is_listed(client: FlaskClient, world: World, drained: Drain) -> None:
    study = world.study("Registering")
    drained()

    assert f'href="/studies/{study.ref}"' in page(client, "/evidence")


def test_while_the_index_is_damaged_the_database_is_searched_and_the_page_says_so(
    client: FlaskClient, world: World, drained: Drain, monkeypatch: pytest.MonkeyPatch
) -> None:
    insight = world.insight("Letterboxes jam", world.quote(world.held(world.study(), "It jammed."), "jammed"))
    world.study("Nothing to do with it")
    drained()

    def fail(_engine: WhooshEngine, _request: SearchRequest) -> SearchResults:
        raise IndexDamaged("A file is not as it was written.")

    monkeypatch.setattr(WhooshEngine, "search", fail)
    html = page(client, "/evidence?q=letterboxes")

    assert "The search index is being rebuilt" in html
    assert f'href="/insights/{insight.ref}"' in html
    assert "Nothing to do with it" not in html


def test_before_the_index_was_ever_built_the_database_is_searched(client: FlaskClient, world: World) -> None:
    study = world.study("Registering a birth")

    html = page(client, "/evidence?q=registering")

    assert "The search index is being rebuilt" in html
    assert f'href="/studies/{study.ref}"' in html


def test_a_lagging_index_is_said(client: FlaskClient, world: World, drained: Drain) -> None:
    drained()
    world.study("Stored in March, long before now")

    assert "Search is catching up: 1 change cannot be found yet" in page(client, "/evidence")


def test_results_leave_as_csv_and_xlsx_with_the_whole_question(
    client: FlaskClient, world: World, drained: Drain
) -> None:
    held = world.held(world.study("Registering"), "I gave up. I gave in.")
    quote = world.quote(held, "gave up", ["trust"])
    world.quote(held, "gave in")
    drained()

    listed = client.get("/evidence.csv?q=gave&tag=trust").get_data(as_text=True)
    workbook = load_workbook(io.BytesIO(client.get("/evidence.xlsx?q=gave&tag=trust").data))
    rows = list(workbook.worksheets[0].iter_rows(values_only=True))

    assert quote.ref in listed
    assert "gave in" not in listed
    assert [row[0] for row in rows] == ["Ref", quote.ref]
    assert client.get("/evidence.pdf").status_code == 404


def test_while_a_title_is_typed_the_best_insights_are_offered(
    client: FlaskClient, world: World, drained: Drain
) -> None:
    insight = world.insight(
        "People give up at the letterbox", world.quote(world.held(world.study(), "It jammed."), "jammed")
    )
    world.insight(
        "Letterbox talk in a draft",
        world.quote(world.held(world.study("Two"), "It stuck."), "stuck"),
        published=False,
    )
    drained()

    fragment = page(client, "/evidence/suggest?q=A+decision+about+the+letterbox")
    answered = client.get(
        "/evidence/suggest?q=A+decision+about+the+letterbox", headers={"Accept": "application/json"}
    ).get_json()

    assert "rests on 1 quote in 1 study, high confidence" in fragment
    assert [each["ref"] for each in answered["insights"]] == [insight.ref]
    assert answered["insights"][0]["contradicted"] is False
    assert page(client, "/evidence/suggest?q=").strip() == ""


def test_the_help_names_every_field(client: FlaskClient) -> None:
    html = page(client, "/help/search")

    assert all(f"<code>{name}:" in html for name in ("kind", "tag", "freshness", "disposition"))


@pytest.mark.parametrize(
    "query",
    [
        "q=%00",
        "q=" + "a" * 9000,
        "offset=-1",
        "offset=99999999999999999999",
        "sort=sideways",
        "kind=%F0%9F%98%80",
        "more=x",
    ],
)
def test_an_odd_address_gets_a_page(client: FlaskClient, drained: Drain, query: str) -> None:
    drained()

    assert "<h1>" in page(client, f"/evidence?{query}")


def test_a_page_of_hits_of_every_kind_takes_at_most_twelve_statements(
    app: Flask, client: FlaskClient, world: World, drained: Drain
) -> None:
    for number in range(8):
        held = world.held(world.study(f"Letterbox study {number}"), f"The letterbox jammed {number}.")
        insight = world.insight(f"Letterbox claim {number}", world.quote(held, "letterbox jammed"))
        world.decision(f"Letterbox decision {number}", insight)
        issue_recommendation(world.session, actor=world.researcher, text="Oil the letterbox.", insights=[insight])
        world.session.commit()
    drained()

    few = statements(app, lambda: page(client, "/evidence?q=letterbox+claim+3"))
    many = statements(app, lambda: page(client, "/evidence?q=letterbox"))

    assert max(few, many) <= 12


def statements(app: Flask, act: Callable[[], object]) -> int:
    counted: list[str] = []

    def count(*details: object) -> None:
        counted.append(str(details[2]))

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", count)
    act()
    event.remove(engine, "before_cursor_execute", count)
    return len([each for each in counted if not each.startswith(("BEGIN", "PRAGMA"))])


def test_one_indexer_needs_a_database_that_is_set_up(tmp_path: Path, app: Flask) -> None:
    with app.app_context():
        with db.engine.begin() as connection:
            connection.exec_driver_sql("DELETE FROM installation")

        with pytest.raises(RuntimeError, match="research-hub init"):
            make_indexer(app)


def test_hits_of_one_session_stand_together_under_its_name(client: FlaskClient, world: World, drained: Drain) -> None:
    held = world.held(
        world.study("Registering"), "The letterbox was shut. Then the letterbox jammed.", title="Visit to Anna"
    )
    world.quote(held, "letterbox was shut")
    world.quote(held, "letterbox jammed")
    world.held(world.study("Elsewhere"), "A letterbox of somebody else.")
    drained()

    html = page(client, "/evidence?q=letterbox")

    assert "3 results from one session:" in html
    assert html.count("Visit to Anna</a></p>") == 1
    assert html.count('<li class="hit"') == 4


def test_the_next_page_goes_on_behind_the_last_hit_whatever_came_in(
    client: FlaskClient, world: World, drained: Drain
) -> None:
    study = world.study()
    for number in range(25):
        world.held(study, f"letterbox {number}", title=f"Visit {number:02}")
    drained()
    first = page(client, "/evidence?q=letterbox&kind=session&sort=newest")
    following = re.search(r'rel="next" href="([^"]+)"', first)
    assert following is not None
    address = following[1].replace("&amp;", "&")
    assert "after=SES-" in address
    world.held(study, "letterbox new", title="Visit new")
    drained()

    second = page(client, address)

    assert re.search(r"21 to 26\s+shown", second)
    seen = set(re.findall(r"Visit \d\d", first)) | set(re.findall(r"Visit \d\d", second))
    assert len(seen) == 25
    assert 'rel="prev" href="/evidence?q=letterbox&amp;kind=session&amp;sort=newest"' in second


@pytest.mark.parametrize("query", ['study:"round two"', "study:STU-2", "study:two"])
def test_a_study_can_be_named_as_people_name_it(client: FlaskClient, world: World, drained: Drain, query: str) -> None:
    world.held(world.study("Round one"), "letterbox one")
    world.held(world.study("Round two"), "letterbox two")
    drained()

    html = page(client, f"/evidence?{urlencode({'q': f'letterbox kind:session {query}'})}")

    assert "<mark>letterbox</mark> two" in html
    assert "<mark>letterbox</mark> one" not in html


def test_the_title_of_a_study_out_of_sight_names_nothing(signed_in: SignIn, world: World, drained: Drain) -> None:
    world.held(world.study("Quillfeather family", restricted=True), "letterbox")
    drained()
    reader = signed_in(world.member(Role.READER))

    hidden = page(reader, "/evidence?q=study:quillfeather")
    unknown = page(reader, "/evidence?q=study:quillfeathex")

    assert hidden.replace("quillfeather", "quillfeathex") == unknown


def test_the_strongest_can_come_first(client: FlaskClient, world: World, drained: Drain) -> None:
    held = world.held(world.study(), "letterbox")
    world.insight("The letterbox is shut", world.quote(held, "letterbox"))
    drained()

    html = page(client, "/evidence?q=letterbox&sort=strength")

    assert "<strong>strongest first</strong>" in html
    assert html.index("INS-1") < html.index("HL-1")
