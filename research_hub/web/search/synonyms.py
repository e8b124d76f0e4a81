"""The list of words that mean the same: read by everybody, kept by those who keep the codebook."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import FileField, HiddenField, TextAreaField

from insights.coding.synonyms import (
    AddedGroups,
    add_starting_groups,
    add_synonym_group,
    edit_synonym_group,
    get_synonym_group,
    import_synonym_groups,
    list_synonym_groups,
    set_synonym_group_deleted,
)
from insights.core.access import Permission
from insights.core.errors import InvalidInput
from insights.exchange.tables import read_csv_back
from research_hub.db import reading, transaction
from research_hub.errors import shows_errors_on
from research_hub.security import current_member, requires
from research_hub.web.exports import as_file, table_of
from research_hub.web.forms import HubForm, number_or_none, read_form
from research_hub.web.messages import say_done
from research_hub.web.search.blueprint import bp
from research_hub.web.words import count

COLUMN = "Words that mean the same"
LARGEST_FILE = 1 << 20
"""Bytes; far more than the longest list takes."""


class SynonymForm(HubForm):
    expressions = TextAreaField(
        "Words that mean the same",
        description="Words or short phrases with = between them, for example: sign in = log in = login.",
    )
    row_version = HiddenField()


class SynonymFileForm(HubForm):
    file = FileField("CSV file", description="One group a row, as in the file that this page gives away.")


@bp.get("/search/synonyms")
@requires(Permission.READ)
def synonyms() -> ResponseReturnValue:
    return render_template(
        "search/synonyms.html", groups=list_synonym_groups(reading()), form=SynonymForm(), file_form=SynonymFileForm()
    )


@bp.get("/search/synonyms.<extension>")
@requires(Permission.READ)
def export_synonyms(extension: str) -> ResponseReturnValue:
    rows = [[" = ".join(group.expressions)] for group in list_synonym_groups(reading())]
    return as_file(extension, table_of("Synonyms", [COLUMN], rows))


@bp.post("/search/synonyms")
@requires(Permission.CODE)
@shows_errors_on(".synonyms")
def add_synonyms() -> ResponseReturnValue:
    values = read_form(SynonymForm())
    with transaction() as session:
        group = add_synonym_group(session, actor=current_member(), expressions=values["expressions"])
        told = " = ".join(group.expressions)
    flash(f"From now on a search for one also looks for the others: {told}.", "success")
    return redirect(url_for(".synonyms"), code=303)


@bp.post("/search/synonyms/start")
@requires(Permission.CODE)
@shows_errors_on(".synonyms")
def start_synonyms() -> ResponseReturnValue:
    with transaction() as session:
        added = add_starting_groups(session, actor=current_member())
    flash(_told(added), "success")
    return redirect(url_for(".synonyms"), code=303)


@bp.post("/search/synonyms/import")
@requires(Permission.CODE)
@shows_errors_on(".synonyms")
def import_synonyms() -> ResponseReturnValue:
    """All of the file, or nothing where a row of it cannot be read."""
    sent = request.files.get("file")
    content = b"" if sent is None else sent.stream.read(LARGEST_FILE + 1)
    if not content:
        raise InvalidInput.of("file", "Choose a CSV file.")
    if len(content) > LARGEST_FILE:
        raise InvalidInput.of("file", "The file is larger than 1 MB. Bring it in parts.")
    with transaction() as session:
        added = import_synonym_groups(session, actor=current_member(), rows=read_csv_back(content).rows)
    flash(_told(added), "success")
    return redirect(url_for(".synonyms"), code=303)


@bp.get("/search/synonyms/<ref>")
@requires(Permission.CODE)
def edit_synonyms_form(ref: str) -> ResponseReturnValue:
    group = get_synonym_group(reading(), ref)
    form = SynonymForm(expressions=" = ".join(group.expressions), row_version=group.row_version)
    return render_template("search/synonyms_form.html", group=group, form=form)


@bp.post("/search/synonyms/<ref>")
@requires(Permission.CODE)
@shows_errors_on(".edit_synonyms_form")
def update_synonyms(ref: str) -> ResponseReturnValue:
    values = read_form(SynonymForm())
    with transaction() as session:
        edit_synonym_group(
            session,
            actor=current_member(),
            group=get_synonym_group(session, ref),
            expressions=values["expressions"],
            row_version=number_or_none(values["row_version"]),
        )
    flash("Saved. Searches use it from now on.", "success")
    return redirect(url_for(".synonyms"), code=303)


@bp.post("/search/synonyms/<ref>/delete")
@requires(Permission.CODE)
@shows_errors_on(".edit_synonyms_form")
def delete_synonyms(ref: str) -> ResponseReturnValue:
    with transaction() as session:
        set_synonym_group_deleted(session, actor=current_member(), group=get_synonym_group(session, ref), deleted=True)
    say_done("Group deleted. Searches no longer use it.", undo_href=url_for(".restore_synonyms", ref=ref))
    return redirect(url_for(".synonyms"), code=303)


@bp.post("/search/synonyms/<ref>/restore")
@requires(Permission.CODE)
@shows_errors_on(".edit_synonyms_form")
def restore_synonyms(ref: str) -> ResponseReturnValue:
    with transaction() as session:
        group = get_synonym_group(session, ref, deleted=True)
        set_synonym_group_deleted(session, actor=current_member(), group=group, deleted=False)
    flash("The group is back.", "success")
    return redirect(url_for(".synonyms"), code=303)


def _told(added: AddedGroups) -> str:
    known = f" {count(added.known, 'group')} had been there already." if added.known else ""
    return f"{count(added.added, 'group')} came in.{known}"
