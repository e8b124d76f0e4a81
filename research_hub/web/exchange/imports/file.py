"""One file of an import: what was understood of it, putting it right, bringing it in, and undoing that."""

from __future__ import annotations

from dataclasses import replace

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from insights.core.access import Permission
from insights.core.errors import RuleBroken
from insights.exchange.documents import document_from_json
from insights.exchange.imports import (
    FileChoices,
    SpeakerChoice,
    SpeakerRole,
    choices_of,
    choose,
    codes_of_study,
    file_row,
    get_file,
    names_that_stay,
    remembered_speakers,
    session_choices,
    set_left_out,
    set_reading,
    undo_file,
    wanted_before_storing,
    with_speakers,
)
from insights.exchange.models import ImportFile
from research_hub.db import reading, transaction
from research_hub.errors import shows_errors_on
from research_hub.security import current_member, requires
from research_hub.web.exchange.blueprint import bp
from research_hub.web.exchange.imports.batch import refs_in_words, store_one
from research_hub.web.exchange.imports.forms import file_form, shown_choices, told_choices
from research_hub.web.exchange.imports.incoming import ENCODINGS, TEXT_FORMATS, read_again
from research_hub.web.exchange.imports.preview import first_paragraphs
from research_hub.web.exchange.imports.table import table_page
from research_hub.web.forms import choose as offer
from research_hub.web.forms import read_form
from research_hub.web.messages import say_done


@bp.get("/imports/<ref>/files/<int:file_id>")
@requires(Permission.EDIT_SESSIONS)
def show_file(ref: str, file_id: int) -> ResponseReturnValue:
    session, member = reading(), current_member()
    file, batch, study = get_file(session, member, ref, file_id)
    row = file_row(session, file, study)
    if row.is_table:
        return table_page(file, row, batch, study)
    choices = _choices_to_show(file)
    document = document_from_json(file.reading)
    form = file_form(choices)(data=shown_choices(choices))
    offer(form.session_ref, session_choices(session, study))
    memories = remembered_speakers(session, file)
    offered = {label: each for label, each in memories.items() if _differs(choices, label, each.choice)}
    return render_template(
        "exchange/import_file.html",
        batch=batch,
        study=study,
        file=row,
        document=document,
        choices=choices,
        form=form,
        examples={each.label: each for each in document.speakers},
        memories=offered,
        codes=codes_of_study(session, study),
        wants=wanted_before_storing(choices),
        staying=names_that_stay(choices),
        blocks=first_paragraphs(document, choices),
        encodings=_encodings(document.format, document.encoding),
    )


@bp.post("/imports/<ref>/files/<int:file_id>")
@requires(Permission.EDIT_SESSIONS)
@shows_errors_on(".show_file")
def save_file(ref: str, file_id: int) -> ResponseReturnValue:
    """Keeps what was put right; with `then=store` it is brought in at once."""
    then = request.form.get("then", "")
    made: tuple[str, ...] = ()
    with transaction() as session:
        file, _batch, study = get_file(session, current_member(), ref, file_id)
        choices = _choices_to_show(file)
        form = file_form(choices)()
        offer(form.session_ref, session_choices(session, study))
        choose(session, file=file, choices=told_choices(choices, read_form(form)))
        if then == "store":
            made = store_one(session, study, ref, file_id)
    if then == "store":
        return _stored(ref, file_id, made, file.name)
    flash("Kept. Nothing is stored yet.", "success")
    if then == "look":
        return redirect(url_for(".show_file", ref=ref, file_id=file_id), code=303)
    return redirect(url_for(".show_import", ref=ref), code=303)


@bp.post("/imports/<ref>/files/<int:file_id>/store")
@requires(Permission.EDIT_SESSIONS)
@shows_errors_on(".show_file")
def store_file_now(ref: str, file_id: int) -> ResponseReturnValue:
    """As it stands; `skip_errors` brings in the good rows of a table alone."""
    with transaction() as session:
        file, _batch, study = get_file(session, current_member(), ref, file_id)
        made = store_one(session, study, ref, file_id, skip_errors=bool(request.form.get("skip_errors")))
    return _stored(ref, file_id, made, file.name)


@bp.post("/imports/<ref>/files/<int:file_id>/speakers")
@requires(Permission.EDIT_SESSIONS)
@shows_errors_on(".show_file")
def use_remembered(ref: str, file_id: int) -> ResponseReturnValue:
    """Takes over who the speakers are from the other files of the import."""
    with transaction() as session:
        file, _batch, _study = get_file(session, current_member(), ref, file_id)
        choices, memories = _choices_to_show(file), remembered_speakers(session, file)
        said = [_taken_over(each, memories[each.label].choice) for each in choices.speakers if each.label in memories]
        choose(session, file=file, choices=with_speakers(choices, said))
    return redirect(url_for(".show_file", ref=ref, file_id=file_id), code=303)


@bp.post("/imports/<ref>/files/<int:file_id>/read")
@requires(Permission.EDIT_SESSIONS)
@shows_errors_on(".show_file")
def read_file_again(ref: str, file_id: int) -> ResponseReturnValue:
    """In another encoding; what was put right before is begun anew, for the words may be others."""
    file, _batch, _study = get_file(reading(), current_member(), ref, file_id)
    document = read_again(file, request.form.get("encoding", ""))
    with transaction() as session:
        file, _batch, _study = get_file(session, current_member(), ref, file_id)
        set_reading(session, file=file, document=document)
    flash(f"Read again as {ENCODINGS[document.encoding]}.", "success")
    return redirect(url_for(".show_file", ref=ref, file_id=file_id), code=303)


@bp.post("/imports/<ref>/files/<int:file_id>/leave-out")
@requires(Permission.EDIT_SESSIONS)
@shows_errors_on(".show_file")
def leave_out(ref: str, file_id: int) -> ResponseReturnValue:
    with transaction() as session:
        file, _batch, _study = get_file(session, current_member(), ref, file_id)
        set_left_out(session, file=file, left_out=True)
    say_done(f"“{file.name}” left out.", undo_href=url_for(".take_back", ref=ref, file_id=file_id))
    return redirect(url_for(".show_import", ref=ref), code=303)


@bp.post("/imports/<ref>/files/<int:file_id>/take-back")
@requires(Permission.EDIT_SESSIONS)
@shows_errors_on(".show_file")
def take_back(ref: str, file_id: int) -> ResponseReturnValue:
    with transaction() as session:
        file, _batch, _study = get_file(session, current_member(), ref, file_id)
        set_left_out(session, file=file, left_out=False)
    return redirect(url_for(".show_import", ref=ref), code=303)


@bp.post("/imports/<ref>/files/<int:file_id>/undo")
@requires(Permission.EDIT_SESSIONS)
@shows_errors_on(".show_file")
def undo_one(ref: str, file_id: int) -> ResponseReturnValue:
    with transaction() as session:
        file, _batch, study = get_file(session, current_member(), ref, file_id)
        undo_file(session, actor=current_member(), study=study, file=file)
    flash(f"“{file.name}” is out of the study again and waits here.", "success")
    return redirect(url_for(".show_import", ref=ref), code=303)


def _stored(ref: str, file_id: int, made: tuple[str, ...], name: str) -> ResponseReturnValue:
    say_done(f"“{name}” brought in as {refs_in_words(made)}.", undo_href=url_for(".undo_one", ref=ref, file_id=file_id))
    return redirect(url_for(".show_import", ref=ref), code=303)


def _choices_to_show(file: ImportFile) -> FileChoices:
    choices = choices_of(file.choices) if file.choices and file.reading else None
    if not isinstance(choices, FileChoices):
        why = file.problem or "what was read of it is not kept any more."
        raise RuleBroken(f"“{file.name}” cannot be looked at: {why}")
    return choices


def _differs(choices: FileChoices, label: str, said: SpeakerChoice) -> bool:
    """Whether taking over what was said of a label would change anything."""
    return any(each.label == label and _taken_over(each, said) != each for each in choices.speakers)


def _taken_over(here: SpeakerChoice, said: SpeakerChoice) -> SpeakerChoice:
    """What was said elsewhere; a participant keeps the code of this file where the other tells none."""
    return replace(said, code=said.code or (here.code if said.role is SpeakerRole.PARTICIPANT else ""))


def _encodings(format_: str, current: str) -> dict[str, str]:
    """What a text can be read as; documents of other formats say it themselves."""
    if format_ not in TEXT_FORMATS:
        return {}
    return ENCODINGS if current in ENCODINGS else {current: current.upper(), **ENCODINGS}
