"""A table of answers or task results: what its columns mean, and what stands in the way of its rows."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from insights.capture.models import Study
from insights.core.access import Permission
from insights.core.errors import InvalidInput, RuleBroken
from insights.exchange.documents import ReadDocument, ReadTable, document_from_json
from insights.exchange.imports import FileRow, choices_of, choose, dry_run_of, get_file
from insights.exchange.imports.tables.checking import DryRun
from insights.exchange.imports.tables.choices import TableChoices, suggested_table_choices
from insights.exchange.imports.tables.profiles import match_profile, matching_profiles, named_profile, save_profile
from insights.exchange.models import ImportBatch, ImportFile
from research_hub.db import reading, transaction
from research_hub.errors import shows_errors_on
from research_hub.security import current_member, requires
from research_hub.web.exchange.blueprint import bp
from research_hub.web.exchange.imports.forms import shown_table_choices, table_form, told_table_choices
from research_hub.web.exchange.imports.incoming import ENCODINGS, TEXT_FORMATS
from research_hub.web.exports import as_file, table_of
from research_hub.web.forms import number_or_none, read_form

SHOWN_ERRORS = 100
_EXAMPLES = 3
_LONGEST_EXAMPLE = 80


def table_page(file: ImportFile, row: FileRow, batch: ImportBatch, study: Study) -> ResponseReturnValue:
    session = reading()
    document, choices = _read(file)
    table = document.tables[choices.sheet]
    found, problem = _tried(session, study, document, choices)
    return render_template(
        "exchange/import_table.html",
        batch=batch,
        study=study,
        file=row,
        document=document,
        table=table,
        choices=choices,
        form=table_form(table)(data=shown_table_choices(choices)),
        examples=[_examples(table, number) for number in range(len(table.columns))],
        profiles=matching_profiles(session, team_id=study.team_id, table=table),
        found=found,
        shown_errors=SHOWN_ERRORS,
        columns_problem=problem,
        encodings=ENCODINGS if document.format in TEXT_FORMATS else {},
    )


@bp.post("/imports/<ref>/files/<int:file_id>/columns")
@requires(Permission.EDIT_SESSIONS)
@shows_errors_on(".show_file")
def save_columns(ref: str, file_id: int) -> ResponseReturnValue:
    """Keeps the mapping, tries every row, and says how many would come in. With a name it is kept for the team."""
    with transaction() as session:
        file, _batch, study = get_file(session, current_member(), ref, file_id)
        document, before = _read(file)
        table = document.tables[before.sheet]
        values = read_form(table_form(table)())
        choices = told_table_choices(before, values)
        if values["profile"].strip():
            save_profile(
                session,
                actor=current_member(),
                team_id=study.team_id,
                name=values["profile"],
                table=table,
                choices=choices,
            )
        _keep(session, study, file, document, choices)
    return redirect(url_for(".show_file", ref=ref, file_id=file_id, _anchor="rows"), code=303)


@bp.post("/imports/<ref>/files/<int:file_id>/sheet")
@requires(Permission.EDIT_SESSIONS)
@shows_errors_on(".show_file")
def choose_sheet(ref: str, file_id: int) -> ResponseReturnValue:
    number = number_or_none(request.form.get("sheet"))
    with transaction() as session:
        file, _batch, _study = get_file(session, current_member(), ref, file_id)
        document, _before = _read(file)
        if number is None or number >= len(document.tables):
            raise InvalidInput.of("sheet", "Choose a sheet from the list.")
        choose(session, file=file, choices=suggested_table_choices(document, number))
    return redirect(url_for(".show_file", ref=ref, file_id=file_id), code=303)


@bp.post("/imports/<ref>/files/<int:file_id>/profile")
@requires(Permission.EDIT_SESSIONS)
@shows_errors_on(".show_file")
def use_profile(ref: str, file_id: int) -> ResponseReturnValue:
    """Takes over a mapping that the team keeps."""
    with transaction() as session:
        file, _batch, study = get_file(session, current_member(), ref, file_id)
        document, before = _read(file)
        profile = named_profile(session, team_id=study.team_id, name=request.form.get("profile", ""))
        match = match_profile(profile, document.tables[before.sheet])
        _keep(session, study, file, document, match.applied_to(before))
    flash(f"Mapping “{profile.name}” used. Look at the columns before you bring the rows in.", "success")
    return redirect(url_for(".show_file", ref=ref, file_id=file_id), code=303)


@bp.get("/imports/<ref>/files/<int:file_id>/errors.<extension>")
@requires(Permission.EDIT_SESSIONS)
def export_row_errors(ref: str, file_id: int, extension: str) -> ResponseReturnValue:
    """All errors of the dry run, one a line, to be worked through beside the table."""
    file, _batch, study = get_file(reading(), current_member(), ref, file_id)
    document, choices = _read(file)
    found = dry_run_of(reading(), study=study, document=document, choices=choices)
    rows = [(error.row, error.column, error.message) for error in found.errors]
    return as_file(extension, table_of("Row errors", ("Row", "Column", "Error"), rows))


def _keep(session: Session, study: Study, file: ImportFile, document: ReadDocument, choices: TableChoices) -> None:
    """With the counts of a dry run, so that the list of files says what would come in."""
    found = dry_run_of(session, study=study, document=document, choices=choices)
    choose(session, file=file, choices=_counted(choices, found))


def _counted(choices: TableChoices, found: DryRun) -> TableChoices:
    return TableChoices.from_json(choices.as_json() | {"rows": len(found.rows), "errors": found.bad_rows})


def _read(file: ImportFile) -> tuple[ReadDocument, TableChoices]:
    choices = choices_of(file.choices) if file.choices and file.reading else None
    if not isinstance(choices, TableChoices):
        raise RuleBroken(f"“{file.name}” is no table, or what was read of it is not kept any more.")
    return document_from_json(file.reading), choices


def _tried(
    session: Session, study: Study, document: ReadDocument, choices: TableChoices
) -> tuple[DryRun | None, InvalidInput | None]:
    """The dry run, or what is wrong with the columns themselves. After a refusal the form tells that by itself."""
    if "problem" in g:
        return None, None
    try:
        return dry_run_of(session, study=study, document=document, choices=choices), None
    except InvalidInput as error:
        return None, error


def _examples(table: ReadTable, number: int) -> list[str]:
    """A few different values of a column, the first that occur."""
    values = dict.fromkeys(row[number].strip() for row in table.rows if row[number].strip())
    return [value[:_LONGEST_EXAMPLE] for value in list(values)[:_EXAMPLES]]
