from __future__ import annotations

from collections.abc import Callable

import pytest
from factories import make_highlight, make_member, make_session, make_study
from flask.testing import FlaskClient

from insights.capture.models import Study
from insights.capture.operations import set_study_access
from insights.core.access import Role
from insights.people.models import Member
from insights.synthesis.boards import SeenCard, board_page, cluster_cards, create_board, put_quotes, quotes_to_put
from insights.synthesis.models import Board
from research_hub.db import reading, transaction

ClientFor = Callable[[Member | Role], FlaskClient]


@pytest.fixture
def maya(app: object) -> Member:
    with transaction() as session:
        return make_member(session)


def a_board(maya: Member, *, words: tuple[str, ...] = ("I saw positive", "I rang my sister")) -> Board:
    with transaction() as session:
        study = make_study(session, actor=maya)
        held = make_session(session, actor=maya, study=study)
        for each in words:
            make_highlight(session, actor=maya, research_session=held, words=each, tags=["fear"])
        board = create_board(session, actor=maya, title="After a letter", study=study)
        put_quotes(session, actor=maya, board=board, highlight_ids=quotes_to_put(session, maya, board))
    return board


def cards_of(maya: Member, board: Board) -> list[int]:
    return [card.id for card in board_page(reading(), maya, board).cards]


def test_a_board_is_made_for_a_study_and_filled_with_all_its_quotes(client_for: ClientFor, maya: Member) -> None:
    with transaction() as session:
        study = make_study(session, actor=maya)
        make_highlight(session, actor=maya, research_session=make_session(session, actor=maya, study=study))
    browser = client_for(maya)

    made = browser.post("/boards", data={"title": "After a letter", "study": study.ref})
    assert "1 quote of the study is not on it yet" in browser.get(made.location).get_data(as_text=True)
    filled = browser.post(made.location.replace("/fill", "/quotes"), data={"all": "1"})

    assert "I saw positive and I stopped reading." in browser.get(filled.location).get_data(as_text=True)


def test_quotes_of_the_list_are_put_on_a_board_by_their_numbers(client_for: ClientFor, maya: Member) -> None:
    board = a_board(maya)
    browser = client_for(maya)

    listed = browser.get("/highlights").get_data(as_text=True)
    chosen = browser.get("/boards?quote=HL-1").get_data(as_text=True)

    assert 'href="/boards?quote=HL-2&amp;quote=HL-1"' in listed
    assert f'href="/boards/{board.ref}/fill?quote=HL-1"' in chosen
    assert 'value="HL-1"' in browser.get(f"/boards/{board.ref}/fill?quote=HL-1").get_data(as_text=True)


def test_a_number_that_is_no_quotes_is_named(client_for: ClientFor, maya: Member) -> None:
    board = a_board(maya)

    answer = client_for(maya).post(f"/boards/{board.ref}/quotes", data={"quotes": "HL-1, INS-3"})

    assert answer.status_code == 422
    assert "“INS-3” is no quote’s number" in answer.get_data(as_text=True)


def test_a_move_is_answered_with_the_board_as_it_is_now(client_for: ClientFor, maya: Member) -> None:
    board = a_board(maya)
    one, two = cards_of(maya, board)

    answer = client_for(maya).post(
        f"/boards/{board.ref}/move", json={"cards": [[one, None]], "to": "new", "title": "Fear"}
    )

    told = answer.get_json()
    assert (answer.status_code, told["said"], told["undo"]) == (200, "1 card moved.", "Undo the new cluster")
    assert told["clusters"] == [[told["cluster"], "Fear", ""]]
    assert told["cards"] == {"": [two], str(told["cluster"]): [one]}


def test_a_stale_move_is_answered_with_the_board_as_it_is_now(client_for: ClientFor, maya: Member) -> None:
    board = a_board(maya)
    one, two = cards_of(maya, board)
    with transaction() as session:
        theirs = cluster_cards(
            session,
            actor=make_member(session),
            board=session.get_one(Board, board.id),
            cards=[SeenCard(one, None)],
            title="T",
        )

    answer = client_for(maya).post(f"/boards/{board.ref}/move", json={"cards": [[one, None]], "to": "new"})

    assert answer.status_code == 409
    assert answer.get_json()["cards"] == {"": [two], str(theirs.cluster_id): [one]}
    assert "moved by somebody else" in answer.get_json()["said"]


def test_an_open_page_hears_of_changes_and_of_nothing_else(client_for: ClientFor, maya: Member) -> None:
    board = a_board(maya)
    browser = client_for(maya)

    told = browser.get(f"/boards/{board.ref}/state?since=0").get_json()

    assert told["cards"] == {"": cards_of(maya, board)}
    assert browser.get(f"/boards/{board.ref}/state?since={told['version']}").status_code == 204


def test_what_is_no_move_is_refused_in_words(client_for: ClientFor, maya: Member) -> None:
    board = a_board(maya)
    browser = client_for(maya)
    asked = {"Accept": "application/json"}

    for sent in (
        [1],
        {"cards": "all", "to": "tray"},
        {"cards": [[1]], "to": "tray"},
        {"cards": [[1, None]], "to": "x"},
    ):
        answer = browser.post(f"/boards/{board.ref}/move", json=sent, headers=asked)
        assert answer.status_code == 422, sent
        assert answer.get_json()["detail"], sent
    assert browser.post(f"/boards/{board.ref}/move", data={"to": "tray"}).status_code == 422


def test_a_board_is_taken_away_as_a_table(client_for: ClientFor, maya: Member) -> None:
    board = a_board(maya)
    one, _two = cards_of(maya, board)
    with transaction() as session:
        board = session.get_one(Board, board.id)
        cluster_cards(session, actor=maya, board=board, cards=[SeenCard(one, None)], title="They stop")

    lines = client_for(maya).get(f"/boards/{board.ref}/cards.csv").get_data(as_text=True).splitlines()

    assert lines[1].startswith('"They stop","","HL-1","I saw positive"')
    assert lines[2].startswith('"","","HL-2","I rang my sister"')


def test_a_deleted_cluster_and_a_deleted_board_are_brought_back_by_undo(client_for: ClientFor, maya: Member) -> None:
    board = a_board(maya)
    one, _two = cards_of(maya, board)
    browser = client_for(maya)
    browser.post(f"/boards/{board.ref}/move", data={"card": f"{one}:", "to": "new", "title": "They stop"})
    browser.post(f"/boards/{board.ref}/clusters/1/delete")
    assert "They stop" not in browser.get(f"/boards/{board.ref}").get_data(as_text=True)

    browser.post(f"/boards/{board.ref}/undo")

    assert "They stop" in browser.get(f"/boards/{board.ref}").get_data(as_text=True)
    browser.post(f"/boards/{board.ref}/delete")
    assert browser.get(f"/boards/{board.ref}").status_code == 404
    browser.post(f"/boards/{board.ref}/restore")
    assert browser.get(f"/boards/{board.ref}").status_code == 200


def test_no_address_of_a_restricted_studys_board_tells_others_anything(client_for: ClientFor, maya: Member) -> None:
    board = a_board(maya)
    with transaction() as session:
        study = session.get_one(Study, board.study_id)
        set_study_access(session, actor=maya, study=study, restricted=True, named=[maya])
    stranger = client_for(Role.ADMINISTRATOR)

    for address in ("", "/state", "/cards.csv", "/edit", "/fill"):
        assert stranger.get(f"/boards/{board.ref}{address}").status_code == 404, address
    for act in ("/move", "/undo", "/take-off", "/quotes", "/delete", "/clusters/1", "/clusters/1/theme"):
        sent = stranger.post(f"/boards/{board.ref}{act}", data={"card": "1:", "to": "new", "all": "1"})
        assert sent.status_code == 404, act
    assert "After a letter" not in stranger.get("/boards").get_data(as_text=True)
