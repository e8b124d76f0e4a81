from __future__ import annotations

from flask import Response, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from insights.capture.queries import get_study, list_studies
from insights.coding.queries import get_tag, list_tags
from insights.coding.uses import sift_quotes
from insights.core.access import Permission, may
from insights.core.errors import InvalidInput
from insights.people.participants.gate import Use
from insights.people.queries import Choice
from insights.synthesis.boards import (
    CardRow,
    ClusterRow,
    board_page,
    create_board,
    get_board,
    last_change,
    list_boards,
    put_quotes,
    quotes_to_put,
    rename_board,
    set_board_deleted,
)
from research_hub.db import reading, transaction
from research_hub.errors import shows_errors_on
from research_hub.security import current_member, requires
from research_hub.web.exports import Value, as_file, table_of
from research_hub.web.forms import choose, number_or_none, read_form
from research_hub.web.messages import say_done
from research_hub.web.synthesis.blueprint import bp
from research_hub.web.synthesis.board_state import UNDO_WORDS, state_of
from research_hub.web.synthesis.forms import BoardForm, FillForm
from research_hub.web.synthesis.named import quote_ids
from research_hub.web.words import count

SIZES = {"short": "short cards", "medium": "cards", "full": "whole quotes"}


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
    return jsonify(state_of(board))


@bp.get("/boards/<ref>/cards.<extension>")
@requires(Permission.READ)
def export_board(ref: str, extension: str) -> ResponseReturnValue:
    session, member = reading(), current_member()
    board = get_board(session, member, ref)
    page = board_page(session, member, board)
    columns = ("Cluster", "Theme", "Ref", "Quote", "Who", "Source", "Said on", "Tags", "Observation", "Study")
    cards = [(column, card) for column in (*page.clusters, page.tray) for card in column.cards]
    sifted = sift_quotes(session, [card.quote.id for _, card in cards], Use.TAKE_AWAY)
    rows = [_exported(column, card) for column, card in cards if card.quote.id in sifted.kept]
    return as_file(extension, table_of(f"Board {board.ref}", columns, rows, sifted.lines))


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


def _exported(column: ClusterRow, card: CardRow) -> tuple[Value, ...]:
    quote = card.quote
    placed = (column.title, column.theme_ref, quote.ref, quote.exact, ", ".join(card.said_by), quote.source_ref)
    return (*placed, quote.said_on, ", ".join(quote.tags), quote.observation, quote.study_ref)
