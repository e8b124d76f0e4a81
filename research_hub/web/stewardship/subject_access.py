"""Somebody asks what is held on them: the clock of the answer, the queue, and the export (L5)."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Mapping
from dataclasses import asdict
from io import BytesIO
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from wtforms import StringField

from insights.capture.known_by_name import may_know_names
from insights.capture.models import Study
from insights.coding.participants import get_participant
from insights.core.access import Permission
from insights.core.activity import record
from insights.core.clock import now, today
from insights.core.errors import InvalidInput
from insights.people.models import Participant
from insights.people.vault import FIELD_LABELS, LOOKS, Reason, note_look, open_identities, rows_of
from insights.stewardship.models import StopReason
from insights.stewardship.subject_access import (
    answer_request,
    extend_clock,
    get_request,
    held_on,
    list_requests,
    log_request,
    requests_of,
    restart_clock,
    stop_clock,
)
from insights.stewardship.subject_access.holding import plain
from insights.stewardship.withdrawal import require_right
from research_hub.db import reading, transaction
from research_hub.errors import shows_errors_on
from research_hub.security import current_member, requires
from research_hub.web.exports import as_file, table_of
from research_hub.web.forms import DayField, HubForm, read_form
from research_hub.web.stewardship.blueprint import bp

NOT_INCLUDED = "Who they are is kept apart. Whoever made this export may not open it; somebody who may can add it."
NONE_KEPT = "Nobody is known by name under this code."

_ALWAYS = (1980, 1, 1, 0, 0, 0)
"""Of files in the ZIP: the same content makes the same bytes."""


class ReceivedForm(HubForm):
    received_on = DayField("Day on which they asked")


class ExtensionForm(HubForm):
    extension = StringField("Why it takes longer", description="They have to be told this within the first month.")


@bp.get("/participants/<ref>/subject-access")
@requires(Permission.READ)
def subject_access(ref: str) -> ResponseReturnValue:
    session = reading()
    person, study = get_participant(session, current_member(), ref)
    require_right(session, current_member(), study)
    rows = requests_of(session, current_member(), person)
    return render_template(
        "stewardship/subject_access.html",
        person=person,
        study=study,
        rows=rows,
        open=next((row for row in rows if row.answered_on is None), None),
        form=ReceivedForm(data={"received_on": today(session)}),
        extension=ExtensionForm(),
        may_name=may_know_names(current_member(), study.team_id),
    )


@bp.post("/participants/<ref>/subject-access")
@requires(Permission.READ)
@shows_errors_on(".subject_access")
def log_subject_access(ref: str) -> ResponseReturnValue:
    values = read_form(ReceivedForm())
    with transaction() as session:
        person, study = get_participant(session, current_member(), ref)
        log_request(session, actor=current_member(), participant=person, study=study, received_on=values["received_on"])
    flash("Logged. The clock runs.", "success")
    return redirect(url_for(".subject_access", ref=ref), code=303)


@bp.post("/participants/<ref>/subject-access/clock")
@requires(Permission.READ)
@shows_errors_on(".subject_access")
def change_subject_access(ref: str) -> ResponseReturnValue:
    """The field `act` is stop, restart, extend or answered; it is about the request that is open."""
    act = request.form.get("act", "")
    with transaction() as session:
        person, _ = get_participant(session, current_member(), ref)
        known = [row for row in requests_of(session, current_member(), person) if row.answered_on is None]
        asked, _person, study = get_request(session, current_member(), known[0].ref if known else "SAR-0")
        if act == "stop":
            reason = request.form.get("reason", StopReason.IDENTITY.value)
            stop_clock(session, actor=current_member(), request=asked, study=study, reason=reason)
        elif act == "restart":
            restart_clock(session, actor=current_member(), request=asked, study=study)
        elif act == "extend":
            values = read_form(ExtensionForm())
            extend_clock(session, actor=current_member(), request=asked, study=study, reason=values["extension"])
        elif act == "answered":
            answer_request(session, actor=current_member(), request=asked, study=study)
        else:
            raise InvalidInput("Choose what becomes of the request.")
    flash(_DONE[act], "success")
    return redirect(url_for(".subject_access", ref=ref), code=303)


@bp.post("/participants/<ref>/everything-held.zip")
@requires(Permission.READ)
@shows_errors_on(".subject_access")
def export_subject_access(ref: str) -> ResponseReturnValue:
    """A POST, for it is put on the record that somebody took it; names are opened only for who may know them."""
    with transaction() as session:
        person, study = get_participant(session, current_member(), ref)
        require_right(session, current_member(), study)
        why_not = _why_not_named(session, person, study)
    with transaction() as session:
        person, study = get_participant(session, current_member(), ref)
        identity = [] if why_not else _identity(session, person)
        holding = held_on(session, person, study)
        record(session, current_member(), "exported everything held on", person, detail={"identity": bool(identity)})
        made_on = now(session)
    told = {"identity": identity or why_not, **asdict(holding), "made_at": made_on.isoformat()}
    page = render_template(
        "stewardship/subject_access_file.html", holding=holding, identity=identity, why_not=why_not, made_on=made_on
    )
    content = _zip({"everything-held.html": page, "everything-held.json": _as_json(told)})
    name = f"{person.ref}-everything-held.zip"
    return Response(
        content, content_type="application/zip", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


@bp.get("/subject-access")
@requires(Permission.PROTECT)
def subject_access_queue() -> ResponseReturnValue:
    session, member = reading(), current_member()
    return render_template("stewardship/subject_access_queue.html", rows=list_requests(session, member))


@bp.get("/subject-access.<extension>")
@requires(Permission.PROTECT)
def export_subject_access_queue(extension: str) -> ResponseReturnValue:
    """Those that wait, then those that were answered."""
    session, member = reading(), current_member()
    columns = ("ref", "participant", "study", "received on", "due on", "days left", "waits for", "extended", "answered")
    rows = [
        (
            each.ref,
            each.participant,
            each.study,
            each.received_on,
            each.due_on,
            None if each.answered_on else each.left,
            each.stop_reason,
            each.extension_reason,
            each.answered_on,
        )
        for each in (*list_requests(session, member), *list_requests(session, member, answered=True))
    ]
    return as_file(extension, table_of("Subject access requests", columns, rows))


_DONE = {
    "stop": "The clock stands still. Tell them what you wait for.",
    "restart": "The clock runs again; the days it stood still are added.",
    "extend": "Two months more. Tell them why.",
    "answered": "Answered. It is kept that and when.",
}


def _why_not_named(session: Session, person: Participant, study: Study) -> str:
    """'' where the vault may be opened for it; the look is on the record by itself then, before anything is opened."""
    if not rows_of(session, person):
        return NONE_KEPT
    if not may_know_names(current_member(), study.team_id):
        return NOT_INCLUDED
    note_look(session, actor=current_member(), verb=LOOKS[0], subject=person, reason=Reason.OWN_DATA.value)
    return ""


def _identity(session: Session, person: Participant) -> list[dict[str, str]]:
    found = open_identities(session, person)
    return [
        {label: value for name, label in FIELD_LABELS.items() if (value := getattr(each.who, name))} for each in found
    ]


def _as_json(told: Mapping[str, Any]) -> str:
    return json.dumps(told, indent=1, ensure_ascii=False, default=plain) + "\n"


def _zip(files: Mapping[str, str]) -> bytes:
    """With a manifest that vouches for each file."""
    manifest = {name: hashlib.sha256(text.encode()).hexdigest() for name, text in files.items()}
    listed = json.dumps({"sha256": manifest}, indent=1, sort_keys=True) + "\n"
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in {**files, "manifest.json": listed}.items():
            archive.writestr(zipfile.ZipInfo(name, _ALWAYS), text, zipfile.ZIP_DEFLATED)
    return made.getvalue()
