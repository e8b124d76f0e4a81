"""Editing notes: drafts that come back, what an edit makes of highlights, and what to do when two edit at once."""

from __future__ import annotations

from flask import flash, g, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from insights.capture.operations import discard_draft
from insights.capture.queries import draft_of, get_source, source_page
from insights.coding.carrying import CarriedOver, edit_source_text, foresee_edit
from insights.core.access import Permission
from research_hub.db import reading, transaction
from research_hub.errors import shows_errors_on
from research_hub.read_only import only_reads
from research_hub.security import current_member, requires
from research_hub.web.capture.blueprint import bp
from research_hub.web.capture.forms import NotesForm
from research_hub.web.forms import number_or_none, read_form, restored
from research_hub.web.reader import said_in_place
from research_hub.web.words import count


@bp.get("/sources/<ref>/edit")
@requires(Permission.EDIT_SESSIONS)
def edit_notes(ref: str) -> ResponseReturnValue:
    source, _study = get_source(reading(), current_member(), ref)
    page = source_page(reading(), current_member(), source_id=source.id)
    key = f"notes-{source.ref}"
    draft = draft_of(reading(), current_member(), key)
    kept = {} if draft is None else draft.fields
    form = NotesForm(data={"notes": page.text, "row_version": page.version_number} | restored(kept))
    if "foreseen" in g:
        form.process(request.form)
    return render_template(
        "capture/notes_form.html",
        form=form,
        page=page,
        source=source,
        draft=draft,
        draft_key=key,
        restored=kept,
        foreseen=g.get("foreseen", ""),
    )


@bp.post("/sources/<ref>/foresee")
@requires(Permission.EDIT_SESSIONS)
@shows_errors_on(".edit_notes")
@only_reads
def foresee(ref: str) -> ResponseReturnValue:
    """What saving these notes would make of the highlights; nothing is stored, and what was typed stays."""
    values = read_form(NotesForm())
    source, _study = get_source(reading(), current_member(), ref)
    told = _told(foresee_edit(reading(), source=source, text=values["notes"]), saved=False)
    if said_in_place():
        return jsonify(told=told)
    g.foreseen = told
    return edit_notes(ref)


@bp.post("/sources/<ref>")
@requires(Permission.EDIT_SESSIONS)
@shows_errors_on(".edit_notes")
def update_notes(ref: str) -> ResponseReturnValue:
    values = read_form(NotesForm())
    with transaction() as session:
        source, study = get_source(session, current_member(), ref)
        carried = edit_source_text(
            session,
            actor=current_member(),
            source=source,
            study=study,
            text=values["notes"],
            version_number=number_or_none(values["row_version"]) or 0,
        )
        discard_draft(session, member=current_member(), form_key=f"notes-{source.ref}")
    flash(f"Notes saved. {_told(carried, saved=True)}".strip(), "success")
    return redirect(url_for(".show_source", ref=ref), code=303)


def _told(carried: CarriedOver, *, saved: bool) -> str:
    """'12 highlights keep their words. 1 cannot be found and will wait for you.'"""
    keep, wait = carried.keep_their_words, carried.orphaned
    if not keep and not wait and not carried.returned:
        return "" if saved else "No highlight is touched."
    parts = [f"{count(keep, 'highlight')} {'keeps its' if keep == 1 else 'keep their'} words."] if keep else []
    if carried.unsure:
        parts.append(f"{carried.unsure} can only be guessed at, and {_wait(carried.unsure, saved=saved)}.")
    if carried.lost:
        parts.append(f"{carried.lost} cannot be found, and {_wait(carried.lost, saved=saved)}.")
    if carried.returned:
        parts.append(f"{carried.returned} that had no place {'has' if carried.returned == 1 else 'have'} it again.")
    return " ".join(parts)


def _wait(number: int, *, saved: bool) -> str:
    verb = "waits" if number == 1 else "wait"
    return (
        f"{verb} for you to say where {'it belongs' if number == 1 else 'they belong'}"
        if saved
        else "will wait for you to decide"
    )
