from __future__ import annotations

from flask import Response, current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound as PageNotFound

from insights.capture.inside import is_inside, study_lead, why_closed
from insights.capture.known_by_name import may_know_names
from insights.capture.live_log import is_running
from insights.capture.operations import (
    discard_draft,
    edit_session_details,
    log_research_session,
    set_session_deleted,
)
from insights.capture.queries import (
    SourcePage,
    beside,
    draft_of,
    find_source_page,
    get_research_session,
    get_source,
    get_study,
    ref_to_open,
    source_page,
    study_choices,
)
from insights.coding.models import Highlight
from insights.coding.queries import get_highlight, tags_to_offer
from insights.core.access import Permission, may
from insights.core.base import number_of
from insights.core.clock import today
from insights.core.errors import InvalidInput, NotAllowed, NotFound
from insights.decisions.thread import thread_of_source
from research_hub.db import reading, transaction
from research_hub.errors import shows_errors_on
from research_hub.files import FileStore
from research_hub.security import current_member, requires, takes_bodies_of
from research_hub.web.capture.blueprint import bp
from research_hub.web.capture.forms import SessionDetailsForm, SessionForm
from research_hub.web.capture.uploaded_notes import notes_and_file
from research_hub.web.forms import choose, number_or_none, read_form, restored
from research_hub.web.messages import say_done
from research_hub.web.reader import Offer, opened
from research_hub.web.thread import stages
from research_hub.web.words import short_day

NEW_SESSION = "new-session"


@bp.get("/sessions/new")
@requires(Permission.EDIT_SESSIONS)
def new_session() -> ResponseReturnValue:
    session, member = reading(), current_member()
    draft = draft_of(session, member, NEW_SESSION)
    kept = {} if draft is None else draft.fields
    form = SessionForm(data={"study": request.args.get("study", ""), "held_on": today(session)} | restored(kept))
    choose(form.study, study_choices(session, member), optional=False)
    return render_template("capture/session_form.html", form=form, draft=draft, draft_key=NEW_SESSION, restored=kept)


@bp.post("/sessions")
@requires(Permission.EDIT_SESSIONS)
@takes_bodies_of("upload_body")
@shows_errors_on(".new_session")
def log_session() -> ResponseReturnValue:
    form = SessionForm()
    choose(form.study, [], optional=False)
    values = read_form(form)
    values.pop("original")
    values["notes"], original = notes_and_file(values["notes"])
    participants = values.pop("participants").split(",")
    study_ref = values.pop("study")
    if not study_ref:
        raise InvalidInput.of("study", "Choose the study. If there is none yet, create it first.")
    with transaction() as session:
        study = get_study(session, current_member(), study_ref)
        logged = log_research_session(
            session, actor=current_member(), study=study, participants=participants, original=original, **values
        )
        discard_draft(session, member=current_member(), form_key=NEW_SESSION)
        if original is not None:
            # Last, so that a full disk takes the rows back with it.
            _files().keep(original.content)
    flash("Session logged. Select a passage to highlight it.", "success")
    return redirect(url_for(".show_session", ref=logged.ref), code=303)


@bp.get("/sessions/<ref>")
@requires(Permission.READ)
def show_session(ref: str) -> ResponseReturnValue:
    session, member = reading(), current_member()
    page = find_source_page(session, member, session_id=number_of(ref, "SES") or 0)
    runs = is_running(session, member, ref) if page is None else page.live is not None and page.live.is_running
    if runs and "problem" not in g and may(member, Permission.EDIT_SESSIONS):
        # It gets its notes when its live log ends.
        return redirect(url_for(".show_live_log", ref=ref), code=303)
    if page is None:
        raise NotFound(ref)
    return _show(page)


@bp.get("/sources/<ref>")
@requires(Permission.READ)
def show_source(ref: str) -> ResponseReturnValue:
    page = source_page(reading(), current_member(), source_id=number_of(ref, "SRC") or 0)
    held_id = number_of(page.session_ref or "", "SES")
    # After a refusal there is something to say here, which a redirect would lose.
    if held_id is not None and "problem" not in g and ref_to_open(reading(), page.source_id, held_id) == page.ref:
        return redirect(url_for(".show_session", ref=page.session_ref), code=303)
    return _show(page)


@bp.get("/sources/<ref>/original")
@requires(Permission.READ)
def original(ref: str) -> ResponseReturnValue:
    """The file as it came, byte for byte, as a download that no browser runs."""
    source, study = get_source(reading(), current_member(), ref)
    if source.sha256 is None:
        raise PageNotFound
    # Of what was masked in the text the file still holds every word.
    if source.research_session_id is not None and not is_inside(reading(), current_member(), study.id):
        raise NotAllowed("The file as it came is opened by the people of its study alone.")
    name = f"{source.ref}.txt"
    return Response(
        _files().read(source.sha256),
        content_type="application/octet-stream",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@bp.get("/sessions/<ref>/details")
@requires(Permission.EDIT_SESSIONS)
def details(ref: str) -> ResponseReturnValue:
    held, study = get_research_session(reading(), current_member(), ref)
    page = source_page(reading(), current_member(), session_id=held.id)
    form = SessionDetailsForm(obj=held, data={"participants": ", ".join(page.participants)})
    return render_template("capture/details_form.html", form=form, page=page, study=study)


@bp.post("/sessions/<ref>/details")
@requires(Permission.EDIT_SESSIONS)
@shows_errors_on(".details")
def update_details(ref: str) -> ResponseReturnValue:
    values = read_form(SessionDetailsForm())
    participants = values.pop("participants").split(",")
    row_version = number_or_none(values.pop("row_version"))
    with transaction() as session:
        held, study = get_research_session(session, current_member(), ref)
        edit_session_details(
            session,
            actor=current_member(),
            research_session=held,
            study=study,
            participants=participants,
            row_version=row_version,
            **values,
        )
    flash("Session saved.", "success")
    return redirect(url_for(".show_session", ref=ref), code=303)


@bp.post("/sessions/<ref>/delete")
@requires(Permission.EDIT_SESSIONS)
@shows_errors_on(".show_session")
def delete_session(ref: str) -> ResponseReturnValue:
    with transaction() as session:
        held, study = get_research_session(session, current_member(), ref)
        set_session_deleted(session, actor=current_member(), research_session=held, study=study, deleted=True)
    say_done(f"{ref} deleted.", undo_href=url_for(".restore_session", ref=ref))
    return redirect(url_for(".show_study", ref=study.ref), code=303)


@bp.post("/sessions/<ref>/restore")
@requires(Permission.EDIT_SESSIONS)
@shows_errors_on(".show_session")
def restore_session(ref: str) -> ResponseReturnValue:
    with transaction() as session:
        held, study = get_research_session(session, current_member(), ref)
        set_session_deleted(session, actor=current_member(), research_session=held, study=study, deleted=False)
    flash(f"{ref} is back.", "success")
    return redirect(url_for(".show_session", ref=ref), code=303)


def _show_closed(page: SourcePage) -> ResponseReturnValue:
    """To whoever is not of the study: that there is a text, why they cannot read it, and whom to ask."""
    session = reading()
    lead = study_lead(session, page.study_id)
    return render_template(
        "capture/closed_text.html", page=page, reasons=why_closed(session, page.source_id), lead=lead
    )


def _show(page: SourcePage) -> ResponseReturnValue:
    session, member = reading(), current_member()
    if page.is_closed:
        return _show_closed(page)
    placing = _placing()
    offer = Offer(
        codes=may(member, Permission.CODE) and page.deleted_at is None,
        insights=may(member, Permission.EDIT_INSIGHTS),
        highlights_at=url_for("coding.highlights"),
        insights_at=url_for("synthesis.index"),
        memos_at=url_for("coding.memos"),
    )
    reader, around = opened(session, member, page=page, offer=offer), beside(session, page)
    thread = thread_of_source(session, member, page.source_id)
    note = ", ".join(part for part in (short_day(page.held_on, ""), page.method.replace("_", " ")) if part)
    return render_template(
        "capture/session.html",
        page=page,
        reader=reader,
        placing=placing,
        most_recording_mb=current_app.extensions["settings"].max_recording // 1_000_000,
        others=around.texts,
        recordings=around.recordings,
        hears=may_know_names(member, page.team_id),
        memos=reader.memos,
        tags=tags_to_offer(session, member, page.study_id),
        stages=stages(thread, here="session", ref=page.ref, note=note, study=(page.study_ref, page.study)),
    )


def _placing() -> Highlight | None:
    """The highlight for which the reader is open to choose a place: ?place=HL-n."""
    ref = request.args.get("place")
    return get_highlight(reading(), current_member(), ref)[0] if ref else None


def _files() -> FileStore:
    store: FileStore = current_app.extensions["files"]
    return store
