"""Changes of a board, small enough to be sent one by one: by a page that is open as JSON, or by a form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import flash, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue

from insights.core.access import Permission
from insights.core.errors import InvalidInput
from insights.synthesis.boards import (
    Moved,
    SeenCard,
    cluster_cards,
    delete_cluster,
    get_board,
    get_cluster,
    merge_clusters,
    move_cards,
    rename_cluster,
    take_off,
    theme_from_cluster,
    undo_last_change,
)
from insights.synthesis.models import Board
from research_hub.db import transaction
from research_hub.errors import shows_errors_on
from research_hub.security import current_member, requires
from research_hub.web.forms import number_or_none
from research_hub.web.messages import say_done
from research_hub.web.synthesis.blueprint import bp
from research_hub.web.synthesis.board_state import state_of
from research_hub.web.words import count


@bp.post("/boards/<ref>/move")
@requires(Permission.CODE)
@shows_errors_on(".show_board")
def move(ref: str) -> ResponseReturnValue:
    """A few cards to one place. A page that is open sends JSON; a form sends the same as fields."""
    sent = _sent()
    to, cards = str(sent.get("to", "")), _cards(sent)
    if not cards and to != "new":
        raise InvalidInput.of("card", "Choose at least one card, then where to move it.")
    with transaction() as session:
        board = get_board(session, current_member(), ref)
        if to == "new":
            title = str(sent.get("title") or "")
            moved = cluster_cards(session, actor=current_member(), board=board, cards=cards, title=title)
        else:
            before, place = number_or_none(str(sent.get("before") or "")), _place(to)
            moved = move_cards(session, actor=current_member(), board=board, cards=cards, to=place, before=before)
    return _answer(board, _told(moved), moved)


@bp.post("/boards/<ref>/take-off")
@requires(Permission.CODE)
@shows_errors_on(".show_board")
def take_cards_off(ref: str) -> ResponseReturnValue:
    cards = _cards(_sent())
    if not cards:
        raise InvalidInput.of("card", "Choose at least one card to take off the board.")
    with transaction() as session:
        board = get_board(session, current_member(), ref)
        number = take_off(session, actor=current_member(), board=board, cards=cards)
    return _answer(board, f"{count(number, 'card')} taken off the board.")


@bp.post("/boards/<ref>/undo")
@requires(Permission.CODE)
@shows_errors_on(".show_board")
def undo(ref: str) -> ResponseReturnValue:
    with transaction() as session:
        board = get_board(session, current_member(), ref)
        undo_last_change(session, actor=current_member(), board=board)
    return _answer(board, "Undone.")


@bp.post("/boards/<ref>/clusters/<int:cluster_id>")
@requires(Permission.CODE)
@shows_errors_on(".show_board")
def rename(ref: str, cluster_id: int) -> ResponseReturnValue:
    sent = _sent()
    with transaction() as session:
        board = get_board(session, current_member(), ref)
        cluster = get_cluster(session, board, cluster_id)
        title, seen = str(sent.get("title", "")), sent.get("seen")
        rename_cluster(session, actor=current_member(), board=board, cluster=cluster, title=title, seen=seen)
    return _answer(board, f"The cluster is called {cluster.title or 'nothing yet'}.")


@bp.post("/boards/<ref>/clusters/<int:cluster_id>/merge")
@requires(Permission.CODE)
@shows_errors_on(".show_board")
def merge(ref: str, cluster_id: int) -> ResponseReturnValue:
    with transaction() as session:
        board = get_board(session, current_member(), ref)
        into = get_cluster(session, board, number_or_none(str(_sent().get("into", ""))) or 0)
        cluster = get_cluster(session, board, cluster_id)
        merge_clusters(session, actor=current_member(), board=board, cluster=cluster, into=into)
    return _answer(board, f"Merged into {into.title or 'the other cluster'}.")


@bp.post("/boards/<ref>/clusters/<int:cluster_id>/delete")
@requires(Permission.CODE)
@shows_errors_on(".show_board")
def drop_cluster(ref: str, cluster_id: int) -> ResponseReturnValue:
    with transaction() as session:
        board = get_board(session, current_member(), ref)
        cluster = get_cluster(session, board, cluster_id)
        delete_cluster(session, actor=current_member(), board=board, cluster=cluster)
    return _answer(board, "The cluster is deleted; its cards are in the tray.")


@bp.post("/boards/<ref>/clusters/<int:cluster_id>/theme")
@requires(Permission.CODE)
@shows_errors_on(".show_board")
def make_theme_of(ref: str, cluster_id: int) -> ResponseReturnValue:
    with transaction() as session:
        board = get_board(session, current_member(), ref)
        cluster = get_cluster(session, board, cluster_id)
        theme = theme_from_cluster(session, actor=current_member(), board=board, cluster=cluster)
    flash(f"{theme.ref} holds the quotes of this cluster. Say what they have in common.", "success")
    return redirect(url_for(".show_theme", ref=theme.ref), code=303)


def _sent() -> Mapping[str, Any]:
    """What was sent: an object of JSON, or the fields of a form with every `card` as [id, cluster]."""
    if not request.is_json:
        seen = [card.partition(":") for card in request.form.getlist("card")]
        return {**request.form.to_dict(), "cards": [[number, cluster] for number, _, cluster in seen]}
    sent = request.get_json(silent=True)
    if not isinstance(sent, dict):
        raise InvalidInput("What was sent is no object of JSON. Nothing was moved.")
    return sent


def _cards(sent: Mapping[str, Any]) -> list[SeenCard]:
    pairs = sent.get("cards")
    read = [_card(pair) for pair in (pairs if isinstance(pairs, list) else [])]
    return [card for card in read if card.id]


def _card(pair: object) -> SeenCard:
    number, cluster = pair if isinstance(pair, list) and len(pair) == 2 else (0, None)  # noqa: PLR2004 - a pair
    return SeenCard(number_or_none(str(number)) or 0, _place(str(cluster or "")))


def _place(to: str) -> int | None:
    """A cluster's id; None is the tray."""
    if to in {"", "tray"}:
        return None
    number = number_or_none(to)
    if number is None:
        raise InvalidInput.of("to", "Choose where to move the cards.")
    return number


def _told(moved: Moved) -> str:
    if moved.cluster_gone:
        return "That cluster was deleted meanwhile, so nothing was moved. Here is the board as it is now."
    if moved.left:
        those = "1 card was" if len(moved.left) == 1 else f"{len(moved.left)} cards were"
        return f"{those} moved by somebody else meanwhile and stay where they put them."
    return f"{count(len(moved.cards), 'card')} moved." if moved.cards else "A new cluster stands last."


def _answer(board: Board, said: str, moved: Moved | None = None) -> ResponseReturnValue:
    """The board as it is now, for an open page; or the page again. 409 where something was not done as asked."""
    missed = moved is not None and bool(moved.left)
    if request.is_json:
        made = None if moved is None else moved.cluster_id
        return jsonify({**state_of(board), "said": said, "cluster": made}), 409 if missed else 200
    if missed:
        flash(said, "warning")
    else:
        say_done(said, undo_href=url_for(".undo", ref=board.ref))
    return redirect(url_for(".show_board", ref=board.ref), code=303)
