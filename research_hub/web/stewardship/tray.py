"""The evidence tray: put in while reading, looked through, ordered, noted and taken out (features.md E8)."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import current_app, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from insights.core.access import Permission
from insights.stewardship.tray import (
    KeptRow,
    empty_tray,
    fill_tray_again,
    list_tray,
    move_in_tray,
    note_in_tray,
    put_back_in_tray,
    put_in_tray,
    take_out_of_tray,
    taken_away,
)
from research_hub.db import reading, transaction
from research_hub.errors import shows_errors_on
from research_hub.security import current_member, requires
from research_hub.web.addresses import permalink
from research_hub.web.exports import Value, as_file, table_of
from research_hub.web.messages import say_done
from research_hub.web.reader import said_in_place
from research_hub.web.stewardship.blueprint import bp
from research_hub.web.stewardship.tray_shown import in_tray, know_anew, know_tray
from research_hub.web.words import count

COLUMNS = ("Ref", "Kind", "Words", "Who", "Date", "Study, how", "Strength", "State", "Version", "Note", "Address")


@bp.get("/tray")
@requires(Permission.READ)
def tray(ref: str = "") -> ResponseReturnValue:  # noqa: ARG001 - shown again after an act on one record
    """`?moved=INS-1&by=up` marks what was just moved, so that it can be moved on without looking for it."""
    kept = list_tray(reading(), current_member())
    know_tray([each.ref for each in kept])
    return render_template(
        "stewardship/tray.html",
        kept=kept,
        moved=request.args.get("moved", ""),
        by=request.args.get("by", ""),
    )


@bp.get("/tray.<extension>")
@requires(Permission.READ)
def export_tray(extension: str) -> ResponseReturnValue:
    kept = list_tray(reading(), current_member())
    going, left_out = taken_away(reading(), [each.record for each in kept])
    rows = [exported(each) for each in kept if each.ref in going]
    return as_file(extension, table_of("Evidence tray", COLUMNS, rows, left_out))


@bp.post("/tray")
@requires(Permission.READ)
@shows_errors_on(".tray")
def put() -> ResponseReturnValue:
    with transaction() as session:
        ref = put_in_tray(session, actor=current_member(), ref=request.form.get("ref", "")).subject_ref
    return _said(ref, f"{ref} is in your tray.", url_for(".take_out", ref=ref))


@bp.post("/tray/<ref>/out")
@requires(Permission.READ)
@shows_errors_on(".tray")
def take_out(ref: str) -> ResponseReturnValue:
    with transaction() as session:
        item = take_out_of_tray(session, actor=current_member(), ref=ref)
    return _said(item.subject_ref, f"{item.subject_ref} taken out of your tray.", url_for(".put_back", ref=ref))


@bp.post("/tray/<ref>/back")
@requires(Permission.READ)
@shows_errors_on(".tray")
def put_back(ref: str) -> ResponseReturnValue:
    with transaction() as session:
        item = put_back_in_tray(session, actor=current_member(), ref=ref)
    return _said(item.subject_ref, f"{item.subject_ref} is back in your tray.", url_for(".take_out", ref=ref))


@bp.post("/tray/<ref>/move")
@requires(Permission.READ)
@shows_errors_on(".tray")
def move(ref: str) -> ResponseReturnValue:
    step = request.form.get("by", "")
    with transaction() as session:
        move_in_tray(session, actor=current_member(), ref=ref, step=step)
    return redirect(url_for(".tray", moved=ref, by=step, _anchor=ref), code=303)


@bp.post("/tray/<ref>/note")
@requires(Permission.READ)
@shows_errors_on(".tray")
def note(ref: str) -> ResponseReturnValue:
    with transaction() as session:
        note_in_tray(session, actor=current_member(), ref=ref, note=request.form.get("note", ""))
    return redirect(url_for(".tray", _anchor=ref), code=303)


@bp.post("/tray/empty")
@requires(Permission.READ)
@shows_errors_on(".tray")
def empty() -> ResponseReturnValue:
    with transaction() as session:
        taken = empty_tray(session, actor=current_member())
    know_anew()
    say_done(f"{count(taken, 'record')} taken out. Your tray is empty.", undo_href=url_for(".fill"))
    return redirect(url_for(".tray"), code=303)


@bp.post("/tray/fill")
@requires(Permission.READ)
@shows_errors_on(".tray")
def fill() -> ResponseReturnValue:
    with transaction() as session:
        fill_tray_again(session, actor=current_member())
    know_anew()
    return redirect(url_for(".tray"), code=303)


def exported(kept: KeptRow) -> tuple[Value, ...]:
    """A line of a file, by COLUMNS."""
    row = kept.record
    said = (row.ref, row.kind, row.text, row.by, row.dated_on, row.where)
    return (*said, row.strength, row.state_words, row.version, kept.note, permalink(row.ref, row.pin))


def _said(ref: str, told: str, undo_href: str) -> ResponseReturnValue:
    """To a page that stays open: what was done, the way back, the count and the button as they are now."""
    know_anew()
    if said_in_place():
        button = render_template("stewardship/tray_button.html", ref=ref)
        undo = {"href": undo_href, "fields": {}}
        return jsonify(ref=ref, told=told, count=len(in_tray()), button=button, undo=undo)
    say_done(told, undo_href=undo_href)
    return redirect(_page_it_came_from(), code=303)


def _page_it_came_from() -> str:
    """The page of ours on which the button was pressed; of the browser's word only path and question are taken."""
    came = urlsplit(request.referrer or "")
    path = came.path.removeprefix(request.script_root)
    # Two slashes at the beginning would name another machine.
    if came.netloc != request.host or path.startswith(("//", "/\\")) or not _is_page(path):
        return url_for(".tray")
    return f"{came.path}?{came.query}" if came.query else came.path


def _is_page(path: str) -> bool:
    adapter = current_app.create_url_adapter(request)
    return adapter is not None and adapter.test(path, "GET")
