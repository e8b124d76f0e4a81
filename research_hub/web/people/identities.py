"""The vault's pages: who a participant is, after a reason that is on the record before the answer."""

from __future__ import annotations

from flask import Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from insights.capture.consents import consents_of
from insights.capture.known_by_name import (
    find_by_name,
    held_columns,
    known_people,
    vault_person,
    vault_study,
)
from insights.capture.models import Study
from insights.core.access import Permission
from insights.core.errors import InvalidInput, NotFound
from insights.people.models import Consent, Participant
from insights.people.vault import held_fields, keep_identity, note_look, open_identities, remove_identity, rows_of
from insights.people.vault.files import KeepsStreams, open_file
from insights.people.vault.looks import OPENED_PAPER, SAW, SEARCHED
from insights.people.vault.marks import folded_words
from research_hub.db import reading, transaction
from research_hub.errors import shows_errors_on
from research_hub.security import current_member, requires
from research_hub.web.exports import Value, as_file, table_of
from research_hub.web.forms import number_or_none, read_form
from research_hub.web.people.blueprint import bp
from research_hub.web.people.identity_forms import FindForm, KeepForm, ReasonForm, RemoveForm, filled, who_of


@bp.get("/participants/<ref>/identity")
@requires(Permission.KEEP_IDENTITIES)
def show_identity(ref: str, consent_id: int = 0) -> ResponseReturnValue:  # noqa: ARG001 - the forms of papers name it too
    """What is held, closed, and why do you ask; or a form to keep it, where nothing is held."""
    person, study = vault_person(reading(), current_member(), ref)
    if person.merged_into_id is not None:
        return redirect(url_for(".show_identity", ref=f"{Participant.PREFIX}-{person.merged_into_id}"), code=303)
    return _identity_page(person, study)


@bp.post("/participants/<ref>/identity")
@requires(Permission.KEEP_IDENTITIES)
@shows_errors_on(".show_identity")
def see_identity(ref: str) -> ResponseReturnValue:
    """The reason is stored by itself, before anything is opened: it stays when the answer fails."""
    why = read_form(ReasonForm())
    with transaction() as session:
        person, study = vault_person(session, current_member(), ref)
        note_look(session, actor=current_member(), verb=SAW, subject=person, **why)
    opened = open_identities(reading(), person)
    if not opened:
        raise NotFound(ref)
    return render_template(
        "people/identity_open.html",
        person=person,
        study=study,
        opened=opened,
        columns=held_columns(),
        form=filled(opened[0]),
        removing=RemoveForm(data={}),
    )


@bp.post("/participants/<ref>/identity/keep")
@requires(Permission.KEEP_IDENTITIES)
@shows_errors_on(".show_identity")
def keep(ref: str) -> ResponseReturnValue:
    values = read_form(KeepForm())
    row_version = number_or_none(values["row_version"])
    with transaction() as session:
        person, _study = vault_person(session, current_member(), ref)
        keep_identity(session, actor=current_member(), participant=person, who=who_of(values), row_version=row_version)
    flash(f"Kept in the vault. Everywhere else they stay {person.code}.", "success")
    return redirect(url_for(".show_identity", ref=ref), code=303)


@bp.post("/participants/<ref>/identity/remove")
@requires(Permission.KEEP_IDENTITIES)
@shows_errors_on(".show_identity")
def remove(ref: str) -> ResponseReturnValue:
    typed = read_form(RemoveForm())["typed"]
    with transaction() as session:
        person, _study = vault_person(session, current_member(), ref)
        if typed.strip().upper() != person.code:
            raise InvalidInput.of("typed", f"Type {person.code} to confirm. What is removed cannot be brought back.")
        remove_identity(session, actor=current_member(), participant=person)
    flash(f"Removed. Nobody is known by name under {person.code} any more.", "success")
    return redirect(url_for(".show_identity", ref=ref), code=303)


@bp.post("/participants/<ref>/identity/papers/<int:consent_id>")
@requires(Permission.KEEP_IDENTITIES)
@shows_errors_on(".show_identity")
def open_paper(ref: str, consent_id: int) -> ResponseReturnValue:
    """The signed form: the reason is stored before it is opened, as with names."""
    why = read_form(ReasonForm())
    with transaction() as session:
        person, _study = vault_person(session, current_member(), ref)
        consent = session.get(Consent, consent_id)
        if consent is None or consent.participant_id != person.id or consent.evidence_sha256 is None:
            raise NotFound(f"{Consent.PREFIX}-{consent_id}")
        note_look(session, actor=current_member(), verb=OPENED_PAPER, subject=person, **why)
    stream, _size = open_file(reading(), _files(), consent.evidence_sha256)
    with stream:
        content = stream.read()
    return Response(
        content,
        content_type="application/octet-stream",
        headers={"Content-Disposition": f'attachment; filename="{consent.ref}.bin"'},
    )


@bp.get("/studies/<ref>/identities")
@requires(Permission.KEEP_IDENTITIES)
def identities(ref: str) -> ResponseReturnValue:
    study = vault_study(reading(), current_member(), ref)
    return render_template(
        "people/identities.html", study=study, rows=known_people(reading(), study), columns=held_columns()
    )


@bp.get("/studies/<ref>/identities.<extension>")
@requires(Permission.KEEP_IDENTITIES)
def export_identities(ref: str, extension: str) -> ResponseReturnValue:
    """Codes and what is held, yes or no: the content has no export."""
    study = vault_study(reading(), current_member(), ref)
    columns = ("Ref", "Code", *(f"{label} held" for _, label in held_columns()), "Consent papers")
    rows: list[tuple[Value, ...]] = [
        (row.ref, row.code, *("yes" if row.holds(name) else "no" for name, _ in held_columns()), row.papers)
        for row in known_people(reading(), study)
    ]
    return as_file(extension, table_of(f"Known by name in {study.ref}", columns, rows))


@bp.get("/identities")
@requires(Permission.KEEP_IDENTITIES)
def search_identities() -> ResponseReturnValue:
    return render_template("people/identities_find.html", form=FindForm(), found=None)


@bp.post("/identities")
@requires(Permission.KEEP_IDENTITIES)
@shows_errors_on(".search_identities")
def find_identities() -> ResponseReturnValue:
    """By POST, so that a name stands in no address; what was sought is stored nowhere."""
    values = read_form(FindForm())
    sought = values.pop("sought")
    if not sought.strip():
        raise InvalidInput.of("sought", "Enter a name, an e-mail address or a telephone number.")
    if set(folded_words(sought)) & set(folded_words(values["words"])):
        raise InvalidInput.of("words", "Say why without their name: the reason stays on the record.")
    with transaction() as session:
        note_look(session, actor=current_member(), verb=SEARCHED, subject=current_member(), **values)
    found = find_by_name(reading(), current_member(), sought)
    return render_template("people/identities_find.html", form=FindForm(data={}), found=found)


def _identity_page(person: Participant, study: Study) -> str:
    rows = rows_of(reading(), person)
    columns = held_columns()
    held = {field for row in rows for field in held_fields(row)}
    papers = [each for each in consents_of(reading(), [person.id]) if each.evidence_sha256]
    return render_template(
        "people/identity.html",
        person=person,
        study=study,
        known=bool(rows),
        held=[(label, name in held) for name, label in columns],
        papers=papers,
        form=ReasonForm(),
        keeping=KeepForm(),
        removing=RemoveForm(),
        # A form that was refused comes back as it was filled in, whatever is held meanwhile.
        refused=request.endpoint if request.method == "POST" else "",
    )


def _files() -> KeepsStreams:
    store: KeepsStreams = current_app.extensions["files"]
    return store
