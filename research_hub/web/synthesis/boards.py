from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from insights.capture.queries import get_study, list_studies
from insights.coding.queries import get_tag, list_tags
from insights.core.access import Permission, may
from insights.core.errors import InvalidInput
from insights.people.queries import Choice
from insights.synthesis.boards import (
    CardRow,
    ClusterRow,
    Moved,
    SeenCard,
    board_page,
    board_state,
    cluster_cards,
    create_board,
    delete_cluster,
    get_board,
    get_cluster,
    last_change,
    list_boards,
    merge_clusters,
    move_cards,
    put_quotes,
    quotes_to_put,
    rename_board,
    rename_cluster,
    set_board_deleted,
    take_off,
    theme_from_cluster,
    undo_last_change,
)
from insights.synthesis.models import Board
from research_hub.db import reading, transaction
from research_hub.errors import shows_errors_on
from research_hub.security import current_member, requires
from research_hub.web.exports import Value, as_file, table_of
from research_hub.web.forms import choose, number_or_none, read_form
from research_hub.web.messages import say_done
from research_hub.web.synthesis.blueprint import bp
from research_hub.web.synthesis.forms import BoardForm, FillForm
from research_hub.web.synthesis.named import quote_ids
from research_hub.web.words import count

SIZES = {"short": "short cards", "medium": "cards", "full": "whole quotes"}
UNDO_WORDS = {
    "moved cards on": "Undo the move",
    "made a cluster on": "Undo the new cluster",
    "renamed a cluster on": "Undo the new name",
    "merged clusters on": "Undo the merge",
    "deleted a cluster on": "Bring the cluster back",
    "put quotes on": "Undo putting quotes here",
    "took quotes off": "Bring the cards back",
}


@bp.get("/boards")
@requires(Permission.READ)
def boards(ref: str = "") -> ResponseReturnValue:  # noqa: ARG001 - shown again after a restore
    session, member = reading(), current_member()
    study = get_study(session, member, request.args["study"]) if request.args.get("study") else None
    rows = list_boards(session, member, study_id=None if study is None else study.id)
    quotes = request.args.getlist("quote") if may(member, Permission.CODE) else []
    return render_template("synthesis/boards.html", rows=rows, study=study, quotes=quotes)


@bp.get("/boards/new")
@requires(Permission.CODE)
def new_board() -> ResponseReturnValue:
    form = BoardForm(data={"study": request.args.get("study", "")})
    choose(form.study, [Choice(row.ref, row.title) for row in list_studies(reading(), current_member())])
    return render_template("synthesis/board_form.html", form=form, board=None)


@bp.post("/boards")
@requires(Permission.CODE)
@shows_errors_on(".new_board")
def make_board() -> ResponseReturnValue:
    values = read_form(BoardForm())
    with transaction() as session:
        study = get_study(session, current_member(), values["study"]) if values["study"] else None
        board = create_board(session, actor=current_member(), title=values["title"], study=study)
    flash(f"{board.ref} is made. Put quotes on it next.", "success")
    return redirect(url_for(".choose_quotes", ref=board.ref), code=303)


@bp.get("/boards/<ref>")
@requires(Permission.READ)
def show_board(ref: str, cluster_id: int = 0) -> ResponseReturnValue:  # noqa: ARG001 - shown again after an act on one
    session, member = reading(), current_member()
    board = get_board(session, member, ref)
    undoable = last_change(session, member, board)
    return render_template(
        "synthesis/board.html",
        board=board,
        page=board_page(session, member, board),
        undo="" if undoable is None else UNDO_WORDS.get(undoable.verb, "Undo"),
        chosen_tag=request.args.get("tag", ""),
        size=request.args.get("size", "medium") if request.args.get("size") in SIZES else "medium",
        sizes=SIZES,
    )


@bp.get("/boards/<ref>/state")
@requires(Permission.READ)
def show_state(ref: str) -> ResponseReturnValue:
    """Where everything lies, for a page that is open; nothing where it is as the page knows it."""
    board = get_board(reading(), current_member(), ref)
    if number_or_none(request.args.get("since")) == board.row_version:
        return Response(status=204)
    return jsonify(_state(board))


@bp.get("/boards/<ref>/cards.<extension>")
@requires(Permission.READ)
def export_board(ref: str, extension: str) -> ResponseReturnValue:
    session, member = reading(), current_member()
    board = get_board(session, member, ref)
    page = board_page(session, member, board)
    columns = ("Cluster", "Theme", "Ref", "Quote", "Who", "Source", "Said on", "Tags", "Observation", "Study")
    rows = [_exported(column, card) for column in (*page.clusters, page.tray) for card in column.cards]
    return as_file(extension, table_of(f"Board {board.ref}", columns, rows))


@bp.get("/boards/<ref>/edit")
@requires(Permission.CODE)
def edit_board(ref: str) -> ResponseReturnValue:
    board = get_board(reading(), current_member(), ref)
    return render_template("synthesis/board_form.html", form=BoardForm(obj=board), board=board)


@bp.post("/boards/<ref>")
@requires(Permission.CODE)
@shows_errors_on(".edit_board")
def update_board(ref: str) -> ResponseReturnValue:
    values = read_form(BoardForm())
    with transaction() as session:
        board = get_board(session, current_member(), ref)
        rename_board(session, actor=current_member(), board=board, title=values["title"])
    flash("Saved.", "success")
    return redirect(url_for(".show_board", ref=ref), code=303)


@bp.post("/boards/<ref>/delete")
@requires(Permission.CODE)
@shows_errors_on(".edit_board")
def delete_board(ref: str) -> ResponseReturnValue:
    with transaction() as session:
        board = get_board(session, current_member(), ref)
        set_board_deleted(session, actor=current_member(), board=board, deleted=True)
    say_done(f"{ref} is deleted; its quotes and themes are still there.", undo_href=url_for(".restore_board", ref=ref))
    return redirect(url_for(".boards"), code=303)


@bp.post("/boards/<ref>/restore")
@requires(Permission.CODE)
@shows_errors_on(".boards")
def restore_board(ref: str) -> ResponseReturnValue:
    with transaction() as session:
        board = get_board(session, current_member(), ref, deleted=True)
        set_board_deleted(session, actor=current_member(), board=board, deleted=False)
    flash(f"{ref} is back.", "success")
    return redirect(url_for(".show_board", ref=ref), code=303)


@bp.get("/boards/<ref>/fill")
@requires(Permission.CODE)
def choose_quotes(ref: str) -> ResponseReturnValue:
    """All quotes of the study, those with a tag, those with words, or named ones."""
    session, member = reading(), current_member()
    board = get_board(session, member, ref)
    form = FillForm(data={"quotes": ", ".join(request.args.getlist("quote"))})
    tags = [row for row in list_tags(session, member) if row.highlights]
    choose(form.tag, [Choice(row.ref, f"{row.path} ({row.highlights})") for row in tags])
    waiting = len(quotes_to_put(session, member, board))
    return render_template("synthesis/board_fill.html", form=form, board=board, waiting=waiting)


@bp.post("/boards/<ref>/quotes")
@requires(Permission.CODE)
@shows_errors_on(".choose_quotes")
def put_on_board(ref: str) -> ResponseReturnValue:
    values = read_form(FillForm())
    with transaction() as session:
        member = current_member()
        board = get_board(session, member, ref)
        named = quote_ids(values["quotes"])
        if not named and not values["tag"] and not values["words"].strip() and request.form.get("all") != "1":
            raise InvalidInput.of("quotes", "Name quotes, a tag or words, or put all quotes on the board.")
        tag_id = get_tag(session, member, values["tag"]).id if values["tag"] else None
        ids = named or quotes_to_put(session, member, board, tag_id=tag_id, words=values["words"])
        number = put_quotes(session, actor=member, board=board, highlight_ids=ids)
    said = f"{count(number, 'quote')} put on the board." if number else "No quote fits that is not on the board yet."
    flash(said, "success" if number else "warning")
    return redirect(url_for(".show_board" if number else ".choose_quotes", ref=ref), code=303)


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


def _exported(column: ClusterRow, card: CardRow) -> tuple[Value, ...]:
    quote = card.quote
    placed = (column.title, column.theme_ref, quote.ref, quote.exact, ", ".join(card.said_by), quote.source_ref)
    return (*placed, quote.said_on, ", ".join(quote.tags), quote.observation, quote.study_ref)


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
        return jsonify({**_state(board), "said": said, "cluster": made}), 409 if missed else 200
    if missed:
        flash(said, "warning")
    else:
        say_done(said, undo_href=url_for(".undo", ref=board.ref))
    return redirect(url_for(".show_board", ref=board.ref), code=303)


def _state(board: Board) -> dict[str, object]:
    session, member = reading(), current_member()
    state, undoable = board_state(session, member, board), last_change(session, member, board)
    return {
        "version": state.version,
        "clusters": state.clusters,
        "cards": {str(key or ""): ids for key, ids in state.cards.items()},
        "undo": "" if undoable is None else UNDO_WORDS.get(undoable.verb, "Undo"),
    }
