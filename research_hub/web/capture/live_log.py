"""The live log: a page to type into while a session runs, and the addresses that its script talks to."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf
from wtforms import SelectField, StringField

from insights.capture.live_log import (
    LONGEST_LINE,
    MOST_IN_A_BATCH,
    LineRow,
    RunningLog,
    TypedLine,
    all_lines,
    clock_time,
    codes_in,
    discard_empty_log,
    find_live_log,
    get_live_log,
    is_paused,
    lines_of,
    parse_line,
    running_logs,
    set_line_deleted,
    set_log_paused,
    start_live_log,
    starter_and_ender,
    store_lines,
    wall_ms,
    without_pauses,
)
from insights.capture.models import LiveLog
from insights.capture.queries import get_study, study_choices
from insights.coding.live_log import add_late_lines, can_reopen, end_live_log, reopen_live_log
from insights.coding.queries import tag_names
from insights.core.access import Permission
from insights.core.clock import now
from insights.core.errors import InvalidInput
from research_hub.db import reading, transaction
from research_hub.errors import shows_errors_on
from research_hub.security import current_member, requires
from research_hub.web.capture.blueprint import bp
from research_hub.web.forms import HubForm, choose, number_or_none, read_form
from research_hub.web.messages import say_done
from research_hub.web.words import count

_MOST_TAGS_OFFERED = 2_000
_LARGEST = 10**15


class LiveLogForm(HubForm):
    study = SelectField("Study", validate_choice=False)
    participants = StringField(
        "Participants (optional)", description="Codes, separated by commas, for example P-7K3Q, P-2XRD. Never names."
    )


@bp.get("/live-logs/new")
@requires(Permission.EDIT_SESSIONS)
def new_live_log() -> ResponseReturnValue:
    form = LiveLogForm(data={"study": request.args.get("study", "")})
    choose(form.study, study_choices(reading(), current_member()), optional=False)
    return render_template("capture/live_form.html", form=form)


@bp.post("/live-logs")
@requires(Permission.EDIT_SESSIONS)
@shows_errors_on(".new_live_log")
def begin_live_log() -> ResponseReturnValue:
    form = LiveLogForm()
    choose(form.study, [], optional=False)
    values = read_form(form)
    if not values["study"]:
        raise InvalidInput.of("study", "Choose the study. If there is none yet, create it first.")
    with transaction() as session:
        study = get_study(session, current_member(), values["study"])
        held, _log = start_live_log(
            session, actor=current_member(), study=study, participants=values["participants"].split(",")
        )
    return redirect(url_for(".show_live_log", ref=held.ref), code=303)


@bp.get("/sessions/<ref>/live")
@requires(Permission.EDIT_SESSIONS)
def show_live_log(ref: str, **_line: object) -> ResponseReturnValue:
    session, member = reading(), current_member()
    log, held, study = find_live_log(session, member, ref)
    if log is None:
        return redirect(url_for(".show_session", ref=ref), code=303)
    state, codes = _state_of(log), codes_in(session, held)
    started_by, ended_by = starter_and_ender(session, log)
    return render_template(
        "capture/live_log.html",
        held=held,
        study=study,
        state=state,
        rows=[(row, parse_line(row.text), _as_json(row)) for row in all_lines(session, log)],
        started_ms=_since_1970(log.started_at),
        key=str(uuid.uuid4()),
        typed=request.form.get("line", ""),
        longest=LONGEST_LINE,
        tags=tag_names(session, member, study_id=study.id)[:_MOST_TAGS_OFFERED],
        codes=[code for code, _ in codes],
        codes_here=[code for code, is_there in codes if is_there],
        started_by=started_by,
        ended_by=ended_by,
        can_reopen=can_reopen(session, log),
    )


@bp.post("/sessions/<ref>/live")
@requires(Permission.EDIT_SESSIONS)
@shows_errors_on(".show_live_log")
def type_live_line(ref: str) -> ResponseReturnValue:
    """One line from the plain form; its key keeps a form that is sent twice from being stored twice."""
    with transaction() as session:
        log, held, study = get_live_log(session, current_member(), ref)
        moment = _since_1970(now(session))
        line = TypedLine(request.form.get("key", ""), 1, moment, request.form.get("line", ""))
        stored = store_lines(session, actor=current_member(), log=log, research_session=held, study=study, lines=[line])
        if stored[0].state == "refused":
            raise InvalidInput.of("line", stored[0].reason)
    return redirect(url_for(".show_live_log", ref=ref, _anchor="newest"), code=303)


@bp.get("/sessions/<ref>/live/lines")
@requires(Permission.EDIT_SESSIONS)
def live_lines(ref: str) -> ResponseReturnValue:
    """What changed after the cursor `since`, and how the log stands; with a fresh token for a page that stays open."""
    session, member = reading(), current_member()
    log, _held, _study = get_live_log(session, member, ref)
    since = number_or_none(request.args.get("since")) or 0
    rows = lines_of(session, log, since=since)
    _started_by, ended_by = starter_and_ender(session, log)
    return jsonify(
        _state_of(log)
        | {
            "member": member.id,
            "csrf": generate_csrf(),
            "cursor": rows[-1].sequence if rows else since,
            "more": bool(rows) and rows[-1].sequence < log.sequence,
            "ended_by": ended_by,
            "lines": [_as_json(row) for row in rows],
        }
    )


@bp.post("/sessions/<ref>/live/lines")
@requires(Permission.EDIT_SESSIONS)
def store_live_lines(ref: str) -> ResponseReturnValue:
    """`{"lines": [{key, revision, at, text, deleted}]}`; the answer has one outcome for each, in their order."""
    with transaction() as session:
        log, held, study = get_live_log(session, current_member(), ref)
        lines = _typed_lines(request.get_json(silent=True))
        outcomes = store_lines(
            session, actor=current_member(), log=log, research_session=held, study=study, lines=lines
        )
    return jsonify(
        member=current_member().id,
        outcomes=[
            {"key": each.key, "state": each.state, "revision": each.revision, "text": each.text, "reason": each.reason}
            for each in outcomes
        ],
    )


@bp.post("/sessions/<ref>/live/lines/<key>/delete")
@requires(Permission.EDIT_SESSIONS)
@shows_errors_on(".show_live_log")
def delete_live_line(ref: str, key: str) -> ResponseReturnValue:
    with transaction() as session:
        log, _held, study = get_live_log(session, current_member(), ref)
        line = set_line_deleted(session, actor=current_member(), log=log, study=study, key=key, deleted=True)
    say_done(
        f"The line of {clock_time(line.at_ms)} was deleted.", undo_href=url_for(".restore_live_line", ref=ref, key=key)
    )
    return redirect(url_for(".show_live_log", ref=ref), code=303)


@bp.post("/sessions/<ref>/live/lines/<key>/restore")
@requires(Permission.EDIT_SESSIONS)
@shows_errors_on(".show_live_log")
def restore_live_line(ref: str, key: str) -> ResponseReturnValue:
    with transaction() as session:
        log, _held, study = get_live_log(session, current_member(), ref)
        line = set_line_deleted(session, actor=current_member(), log=log, study=study, key=key, deleted=False)
    flash(f"The line of {clock_time(line.at_ms)} is back.", "success")
    return redirect(url_for(".show_live_log", ref=ref), code=303)


@bp.post("/sessions/<ref>/live/pause")
@requires(Permission.EDIT_SESSIONS)
@shows_errors_on(".show_live_log")
def pause_live_log(ref: str) -> ResponseReturnValue:
    return _set_paused(ref, paused=True)


@bp.post("/sessions/<ref>/live/resume")
@requires(Permission.EDIT_SESSIONS)
@shows_errors_on(".show_live_log")
def resume_live_log(ref: str) -> ResponseReturnValue:
    return _set_paused(ref, paused=False)


@bp.post("/sessions/<ref>/live/end")
@requires(Permission.EDIT_SESSIONS)
@shows_errors_on(".show_live_log")
def finish_live_log(ref: str) -> ResponseReturnValue:
    with transaction() as session:
        log, held, study = get_live_log(session, current_member(), ref)
        ended = end_live_log(session, actor=current_member(), log=log, research_session=held, study=study)
    if ended.was_running:
        made = f"{count(ended.lines, 'line')} became the notes, {count(ended.highlights, 'highlight')} among them."
        say_done(f"The live log has ended. {made}", undo_href=url_for(".reopen", ref=ref))
    else:
        flash("Somebody else had ended the log already. These are its notes.", "message")
    return redirect(url_for(".show_session", ref=ref), code=303)


@bp.post("/sessions/<ref>/live/reopen")
@requires(Permission.EDIT_SESSIONS)
@shows_errors_on(".show_live_log")
def reopen(ref: str) -> ResponseReturnValue:
    with transaction() as session:
        log, held, study = get_live_log(session, current_member(), ref)
        reopen_live_log(session, actor=current_member(), log=log, research_session=held, study=study)
    flash("The log runs on. Its notes and highlights come back when it ends.", "success")
    return redirect(url_for(".show_live_log", ref=ref), code=303)


@bp.post("/sessions/<ref>/live/late")
@requires(Permission.EDIT_SESSIONS)
@shows_errors_on(".show_live_log")
def add_late(ref: str) -> ResponseReturnValue:
    with transaction() as session:
        log, held, study = get_live_log(session, current_member(), ref)
        added = add_late_lines(session, actor=current_member(), log=log, research_session=held, study=study)
    flash(f"{count(added, 'line')} added below the notes." if added else "No line was waiting.", "success")
    return redirect(url_for(".show_session", ref=ref), code=303)


@bp.post("/sessions/<ref>/live/discard")
@requires(Permission.EDIT_SESSIONS)
@shows_errors_on(".show_live_log")
def discard(ref: str) -> ResponseReturnValue:
    with transaction() as session:
        log, held, study = get_live_log(session, current_member(), ref)
        discard_empty_log(session, actor=current_member(), log=log, research_session=held, study=study)
    flash(f"The empty log of {ref} was thrown away.", "success")
    return redirect(url_for(".show_study", ref=study.ref), code=303)


@bp.app_template_global("running_logs")
def running(study_ref: str | None = None) -> list[RunningLog]:
    """The logs that the member may go on typing into, for the Log and for a study."""
    return running_logs(reading(), current_member(), study_ref=study_ref)


bp.add_app_template_filter(clock_time, "clock_time")


def _set_paused(ref: str, *, paused: bool) -> ResponseReturnValue:
    with transaction() as session:
        log, held, study = get_live_log(session, current_member(), ref)
        set_log_paused(session, actor=current_member(), log=log, research_session=held, study=study, paused=paused)
        state = _state_of(log)
    if request.accept_mimetypes.best == "application/json":
        return jsonify(state)
    flash("Paused: the time stands still for everyone." if paused else "The time goes on.", "success")
    return redirect(url_for(".show_live_log", ref=ref), code=303)


def _state_of(log: LiveLog) -> dict[str, Any]:
    """How the log stands now. `elapsed_ms` is its own time, without the pauses; `now_ms` is our clock since 1970."""
    moment = log.ended_at or now(reading())
    return {
        "now_ms": _since_1970(now(reading())),
        "elapsed_ms": without_pauses(wall_ms(log, moment), log.pauses),
        "paused": is_paused(log),
        "ended": log.ended_at is not None,
        "sequence": log.sequence,
    }


def _as_json(row: LineRow) -> dict[str, Any]:
    return {
        "key": row.key,
        "revision": row.revision,
        "typed_ms": row.typed_ms,
        "at_ms": row.at_ms,
        "text": row.text,
        "observer": row.observer,
        "observer_id": row.observer_id,
        "deleted": row.is_deleted,
        "late": row.is_late,
    }


def _typed_lines(sent: object) -> list[TypedLine]:
    lines = sent.get("lines") if isinstance(sent, dict) else None
    if not isinstance(lines, list) or not all(isinstance(line, dict) for line in lines):
        raise InvalidInput(f"Send a JSON object with a list of at most {MOST_IN_A_BATCH} lines.")
    return [
        TypedLine(
            key=_text(line.get("key")),
            revision=_number(line.get("revision")),
            typed_at=_number(line.get("at")),
            text=_text(line.get("text")),
            deleted=line.get("deleted") is True,
        )
        for line in lines
    ]


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _number(value: object) -> int:
    """A whole number that a clock or a counter may show; anything else is 0."""
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < _LARGEST else 0


def _since_1970(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)
