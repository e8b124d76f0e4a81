"""Collections: made of the tray, shared by their address, changed by whoever made them."""

from __future__ import annotations

from flask import Response, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from wtforms import StringField, TextAreaField

from insights.core.access import Permission
from insights.core.clock import today
from insights.people.models import Member
from insights.stewardship.tray import (
    Citation,
    CollectionRow,
    Entry,
    KeptRow,
    Style,
    cite,
    create_collection,
    delete_collection,
    edit_collection,
    get_collection,
    items_and_more,
    items_of,
    list_collections,
    list_tray,
    put_in_tray,
    restore_collection,
    taken_away,
)
from research_hub.db import reading, transaction
from research_hub.errors import shows_errors_on
from research_hub.security import current_member, requires
from research_hub.web.addresses import absolute, permalink
from research_hub.web.exports import as_file, table_of
from research_hub.web.forms import HubForm, number_or_none, read_form
from research_hub.web.messages import say_done
from research_hub.web.stewardship.blueprint import bp
from research_hub.web.stewardship.tray import COLUMNS, exported
from research_hub.web.stewardship.tray_shown import in_tray
from research_hub.web.words import count

_LAST = 10_000
"""Where a record goes that nobody gave a place."""


class CollectionForm(HubForm):
    title = StringField("Title")
    introduction = TextAreaField(
        "Introduction",
        description="Markdown. What it is for, and how to read it. "
        "Whoever may see any of its records may read the title and this.",
    )


@bp.get("/collections")
@requires(Permission.READ)
def collections() -> ResponseReturnValue:
    return render_template("stewardship/collections.html", rows=list_collections(reading(), current_member()))


@bp.get("/collections.<extension>")
@requires(Permission.READ)
def export_collections(extension: str) -> ResponseReturnValue:
    rows = [
        (row.ref, row.title, row.owner, row.items, row.updated_at.date(), _address(row.ref))
        for row in list_collections(reading(), current_member())
    ]
    return as_file(extension, table_of("Collections", ("Ref", "Title", "Made by", "Records", "Date", "Address"), rows))


@bp.get("/tray/collection")
@requires(Permission.COMMENT)
def new_collection() -> ResponseReturnValue:
    kept = list_tray(reading(), current_member())
    return _form_page(CollectionForm(), None, kept, [])


@bp.post("/collections")
@requires(Permission.COMMENT)
@shows_errors_on(".new_collection")
def share_collection() -> ResponseReturnValue:
    values = read_form(CollectionForm())
    with transaction() as session:
        made = create_collection(session, actor=current_member(), entries=_entries(), **values)
    flash(f"{made.ref} is shared. Its address is {_address(made.ref)}. Your tray is as it was.", "success")
    return redirect(url_for(".show_collection", ref=made.ref), code=303)


@bp.get("/collections/<ref>")
@requires(Permission.READ)
def show_collection(ref: str) -> ResponseReturnValue:
    row, kept = _shown(reading(), current_member(), ref)
    return render_template("stewardship/collection.html", row=row, kept=kept, address=_address(row.ref))


@bp.get("/collections/<ref>/items.<extension>")
@requires(Permission.READ)
def export_collection(ref: str, extension: str) -> ResponseReturnValue:
    row, kept = _shown(reading(), current_member(), ref)
    going, left_out = taken_away(reading(), [each.record for each in kept])
    rows = [exported(each) for each in kept if each.ref in going]
    return as_file(extension, table_of(row.ref, COLUMNS, rows, left_out))


@bp.get("/collections/<ref>/markdown")
@requires(Permission.READ)
def collection_as_markdown(ref: str) -> ResponseReturnValue:
    row, kept = _shown(reading(), current_member(), ref)
    on = today(reading())
    going, left_out = taken_away(reading(), [each.record for each in kept])
    parts = [f"# {row.title}", row.introduction]
    for each in (each for each in kept if each.ref in going):
        record = each.record
        parts += [cite([Citation(record, permalink(record.ref, record.pin), on)], Style.MARKDOWN).strip(), each.note]
    parts += [f"*{line}.*" for line in left_out]
    parts.append(f"{row.owner}, {_address(row.ref)}")
    text = "\n\n".join(part for part in parts if part) + "\n"
    name = f'attachment; filename="{row.ref.lower()}.md"'
    return Response(text, content_type="text/markdown; charset=utf-8", headers={"Content-Disposition": name})


@bp.get("/collections/<ref>/edit")
@requires(Permission.COMMENT)
def edit_collection_form(ref: str) -> ResponseReturnValue:
    """For its owner; everybody else is led to the collection itself."""
    session, member = reading(), current_member()
    collection, row = get_collection(session, member, ref)
    if row.owner_id != member.id:
        flash(f"{row.ref} belongs to {row.owner}. Put its records in your tray and make your own.", "message")
        return redirect(url_for(".show_collection", ref=row.ref), code=303)
    kept, more = items_and_more(session, member, collection, in_tray())
    return _form_page(CollectionForm(obj=collection), row, kept, more)


@bp.post("/collections/<ref>")
@requires(Permission.COMMENT)
@shows_errors_on(".edit_collection_form")
def update_collection(ref: str) -> ResponseReturnValue:
    values = read_form(CollectionForm())
    with transaction() as session:
        collection, _row = get_collection(session, current_member(), ref)
        edit_collection(
            session,
            actor=current_member(),
            collection=collection,
            entries=_entries(),
            row_version=number_or_none(request.form.get("row_version")),
            **values,
        )
    flash(f"{collection.ref} saved.", "success")
    return redirect(url_for(".show_collection", ref=ref), code=303)


@bp.post("/collections/<ref>/delete")
@requires(Permission.COMMENT)
@shows_errors_on(".show_collection")
def remove_collection(ref: str) -> ResponseReturnValue:
    with transaction() as session:
        collection = delete_collection(session, actor=current_member(), ref=ref)
    say_done(f"{collection.ref} deleted.", undo_href=url_for(".bring_collection_back", ref=ref))
    return redirect(url_for(".collections"), code=303)


@bp.post("/collections/<ref>/restore")
@requires(Permission.COMMENT)
@shows_errors_on(".show_collection")
def bring_collection_back(ref: str) -> ResponseReturnValue:
    with transaction() as session:
        collection = restore_collection(session, actor=current_member(), ref=ref)
    flash(f"{collection.ref} is back.", "success")
    return redirect(url_for(".show_collection", ref=ref), code=303)


@bp.post("/collections/<ref>/tray")
@requires(Permission.READ)
@shows_errors_on(".show_collection")
def collection_to_tray(ref: str) -> ResponseReturnValue:
    with transaction() as session:
        _row, kept = _shown(session, current_member(), ref)
        for each in kept:
            put_in_tray(session, actor=current_member(), ref=each.ref)
    flash(f"{count(len(kept), 'record')} of {ref} in your tray.", "success")
    return redirect(url_for(".tray"), code=303)


def _shown(session: Session, member: Member, ref: str) -> tuple[CollectionRow, list[KeptRow]]:
    collection, row = get_collection(session, member, ref)
    return row, items_of(session, member, collection)


def _form_page(
    form: CollectionForm, row: CollectionRow | None, kept: list[KeptRow], more: list[KeptRow]
) -> ResponseReturnValue:
    problem = getattr(g, "problem", None)
    return render_template(
        "stewardship/collection_form.html",
        form=form,
        row=row,
        kept=kept,
        more=more,
        sent=None if problem is None else request.form,
    )


def _entries() -> list[Entry]:
    """The ticked records with their notes, in the order of the places given to them."""
    ticked = request.form.getlist("entries")
    places = {ref: number_or_none(request.form.get(f"place-{ref}")) for ref in ticked}
    ordered = sorted(ticked, key=lambda ref: _LAST if places[ref] is None else places[ref] or 0)
    return [Entry(ref, request.form.get(f"note-{ref}", "")) for ref in ordered]


def _address(ref: str) -> str:
    return absolute(url_for(".show_collection", ref=ref))
