"""Looking texts through for personal data, before anybody outside their study reads them (features.md L3)."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from insights.capture.inside import is_inside
from insights.capture.models import SourceText, Study
from insights.capture.queries import get_source, get_study, ref_to_open
from insights.coding.carrying import current_version_of
from insights.coding.models import Choice
from insights.coding.personal_data.lists import STATE_WORDS, texts_of_study
from insights.coding.personal_data.review import (
    choices_of,
    findings_of_text,
    mark_reviewed,
    mask_all_open,
    settle_value,
    take_review_back,
    undo_choice,
)
from insights.core.access import Permission
from insights.core.errors import NotAllowed
from research_hub.db import reading, transaction
from research_hub.errors import shows_errors_on
from research_hub.security import current_member, requires
from research_hub.web.coding.blueprint import bp
from research_hub.web.exports import as_file, table_of
from research_hub.web.forms import number_or_none
from research_hub.web.messages import say_done
from research_hub.web.words import count

_DONE = {Choice.MASKED: "masked", Choice.PSEUDONYMISED: "called otherwise", Choice.JUSTIFIED: "may stand"}


@bp.get("/studies/<ref>/personal-data")
@requires(Permission.EDIT_SESSIONS)
def study_personal_data(ref: str) -> ResponseReturnValue:
    session, member = reading(), current_member()
    study = get_study(session, member, ref)
    rows = texts_of_study(session, member, study)
    return render_template("coding/personal_data_study.html", study=study, rows=rows)


@bp.get("/studies/<ref>/personal-data.<extension>")
@requires(Permission.EDIT_SESSIONS)
def export_personal_data(ref: str, extension: str) -> ResponseReturnValue:
    session, member = reading(), current_member()
    study = get_study(session, member, ref)
    columns = ("Ref", "Session", "Title", "Kind", "Date", "Characters", "Review", "Reviewed at", "Decisions")
    rows = [
        (
            *(row.ref, row.session_ref, row.title, row.kind, row.dated_on, row.length),
            *(row.in_words, row.reviewed_at, row.settled),
        )
        for row in texts_of_study(session, member, study)
    ]
    return as_file(extension, table_of(f"Personal data {study.ref}", columns, rows))


@bp.get("/sources/<ref>/personal-data")
@requires(Permission.EDIT_SESSIONS)
def text_personal_data(ref: str, choice_id: int = 0) -> ResponseReturnValue:  # noqa: ARG001 - shown again after an undo
    session = reading()
    source, study = _own(session, ref)
    found = findings_of_text(session, source)
    return render_template(
        "coding/personal_data.html",
        source=source,
        study=study,
        opened=ref_to_open(session, source.id, source.research_session_id),
        current=current_version_of(session, source),
        waiting=[each for each in found if each.is_open],
        standing=[each for each in found if not each.is_open],
        choices=choices_of(session, source),
        state_words=STATE_WORDS[source.personal_data_review],
    )


@bp.post("/sources/<ref>/personal-data")
@requires(Permission.EDIT_SESSIONS)
@shows_errors_on(".text_personal_data")
def settle_personal_data(ref: str) -> ResponseReturnValue:
    """One value: masked, called otherwise, or left with a reason."""
    sent = request.form
    with transaction() as session:
        source, study = _own(session, ref)
        made = settle_value(
            session,
            actor=current_member(),
            source=source,
            study=study,
            key=sent.get("key", ""),
            choice=sent.get("choice", ""),
            version_number=_version(),
            reason=sent.get("reason", ""),
            starts=[number for each in sent.getlist("at") if (number := number_or_none(each)) is not None],
        )
    say_done(
        f"{count(len(made.places), 'place')} {_DONE[made.choice]}.",
        undo_href=url_for(".undo_personal_data", ref=ref, choice_id=made.id),
    )
    return redirect(url_for(".text_personal_data", ref=ref), code=303)


@bp.post("/sources/<ref>/personal-data/all")
@requires(Permission.EDIT_SESSIONS)
@shows_errors_on(".text_personal_data")
def mask_personal_data(ref: str) -> ResponseReturnValue:
    with transaction() as session:
        source, study = _own(session, ref)
        made = mask_all_open(session, actor=current_member(), source=source, study=study, version_number=_version())
    if made:
        undo = url_for(".undo_personal_data", ref=ref, choice_id=made[0].id)
        say_done(f"{count(len(made), 'value')} masked.", undo_href=undo)
    return redirect(url_for(".text_personal_data", ref=ref), code=303)


@bp.post("/sources/<ref>/personal-data/<int:choice_id>/undo")
@requires(Permission.EDIT_SESSIONS)
@shows_errors_on(".text_personal_data")
def undo_personal_data(ref: str, choice_id: int) -> ResponseReturnValue:
    with transaction() as session:
        source, study = _own(session, ref)
        undo_choice(session, actor=current_member(), source=source, study=study, choice_id=choice_id)
    flash("Undone. The text waits to be looked through again.", "success")
    return redirect(url_for(".text_personal_data", ref=ref), code=303)


@bp.post("/sources/<ref>/personal-data/reviewed")
@requires(Permission.EDIT_SESSIONS)
@shows_errors_on(".text_personal_data")
def finish_review(ref: str) -> ResponseReturnValue:
    with transaction() as session:
        source, study = _own(session, ref)
        mark_reviewed(session, actor=current_member(), source=source, study=study, version_number=_version())
    say_done(
        "Looked through. Everybody who may see the study can find it now.", undo_href=url_for(".reopen_review", ref=ref)
    )
    return redirect(url_for(".text_personal_data", ref=ref), code=303)


@bp.post("/sources/<ref>/personal-data/reopen")
@requires(Permission.EDIT_SESSIONS)
@shows_errors_on(".text_personal_data")
def reopen_review(ref: str) -> ResponseReturnValue:
    with transaction() as session:
        source, study = _own(session, ref)
        take_review_back(session, actor=current_member(), source=source, study=study)
    flash("It waits again, and is read inside its study alone.", "success")
    return redirect(url_for(".text_personal_data", ref=ref), code=303)


def _own(session: Session, ref: str) -> tuple[SourceText, Study]:
    """What the scan finds is shown to the people of the study alone."""
    source, study = get_source(session, current_member(), ref)
    if not is_inside(session, current_member(), study.id):
        raise NotAllowed("Only the people of its study look a text through. Ask whoever leads the study.")
    return source, study


def _version() -> int:
    return number_or_none(request.form.get("version")) or 0
