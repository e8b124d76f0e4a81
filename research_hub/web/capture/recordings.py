from __future__ import annotations

import ntpath
from mimetypes import guess_extension

from flask import Response, current_app, g, redirect, request, send_file, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import NotFound as PageNotFound

from insights.capture.known_by_name import require_names
from insights.capture.models import Recording
from insights.capture.queries import get_recording, get_source
from insights.capture.recordings import SNIFFED, attach_closed_recording, kind_of_recording, set_recording_deleted
from insights.coding.uses import hindrances, in_short
from insights.core.access import Permission
from insights.core.errors import InvalidInput, NotAllowed
from insights.people.participants.gate import Use
from insights.people.vault.files import close_into, open_file, ready_for_recording
from research_hub.db import reading, transaction
from research_hub.errors import shows_errors_on
from research_hub.files import FileStore
from research_hub.security import current_member, requires, takes_bodies_of
from research_hub.web.capture.blueprint import bp
from research_hub.web.capture.sessions import show_source
from research_hub.web.messages import say_done


@bp.post("/sources/<ref>/recordings")
@requires(Permission.EDIT_SESSIONS)
@takes_bodies_of("max_recording")
@shows_errors_on(".show_source")
def attach_recording_file(ref: str) -> ResponseReturnValue:
    """The file was written to disk while it came in, and is closed into the store from there, never held in memory."""
    upload = _uploaded()
    source, _study = get_source(reading(), current_member(), ref)
    media_type = kind_of_recording(_head(upload))
    closed = close_into(_files(), upload.stream, ready_for_recording(source.ref))
    with transaction() as session:
        source, study = get_source(session, current_member(), ref)
        recording = attach_closed_recording(
            session,
            actor=current_member(),
            source=source,
            study=study,
            closed=closed,
            media_type=media_type,
            name=ntpath.basename(upload.filename or ""),
        )
    say_done(f"{recording.original_name} attached.", undo_href=url_for(".delete_recording", ref=recording.ref))
    return redirect(url_for(".show_source", ref=source.ref), code=303)


@bp.get("/recordings/<ref>")
@requires(Permission.READ)
def show_recording(ref: str) -> ResponseReturnValue:
    """The address of a recording: the text that was written from it."""
    _recording, source, _study = get_recording(reading(), current_member(), ref)
    # After a refusal there is something to say, which a redirect would lose.
    return show_source(source.ref) if "problem" in g else redirect(url_for(".show_source", ref=source.ref), code=303)


@bp.get("/recordings/<ref>/file")
@requires(Permission.KEEP_IDENTITIES)
def play_recording(ref: str) -> ResponseReturnValue:
    """The bytes as they came, or the range of them that a player asks for; a voice is known as a name is."""
    recording, _source, study = get_recording(reading(), current_member(), ref)
    require_names(reading(), current_member(), study)
    if recording.deleted_at is not None:
        raise PageNotFound
    in_the_way = hindrances(reading(), recording, Use.PLAY)
    if in_the_way:
        raise NotAllowed(f"This recording is not played: {in_short(in_the_way)}.")
    stream, size = open_file(reading(), _files(), recording.sha256)
    response: Response = send_file(
        stream, mimetype=recording.media_type, download_name=_name_of(recording), conditional=False, etag=False
    )
    response.content_length = size
    response.set_etag(recording.sha256)
    response.make_conditional(request, accept_ranges=True, complete_length=size)
    # Players ask for many ranges: the browser of whoever may hear it keeps them, and asks each time whether it may.
    response.headers["Cache-Control"] = "private, no-cache"
    return response


@bp.post("/recordings/<ref>/delete")
@requires(Permission.EDIT_SESSIONS)
@shows_errors_on(".show_recording")
def delete_recording(ref: str) -> ResponseReturnValue:
    with transaction() as session:
        recording, source, study = get_recording(session, current_member(), ref)
        set_recording_deleted(session, actor=current_member(), recording=recording, study=study, deleted=True)
    say_done(f"{recording.original_name} taken away.", undo_href=url_for(".restore_recording", ref=recording.ref))
    return redirect(url_for(".show_source", ref=source.ref), code=303)


@bp.post("/recordings/<ref>/restore")
@requires(Permission.EDIT_SESSIONS)
@shows_errors_on(".show_recording")
def restore_recording(ref: str) -> ResponseReturnValue:
    with transaction() as session:
        recording, source, study = get_recording(session, current_member(), ref)
        set_recording_deleted(session, actor=current_member(), recording=recording, study=study, deleted=False)
    say_done(f"{recording.original_name} is back.", undo_href=url_for(".delete_recording", ref=recording.ref))
    return redirect(url_for(".show_source", ref=source.ref), code=303)


def _uploaded() -> FileStorage:
    upload = request.files.get("recording")
    if upload is None or not upload.filename:
        raise InvalidInput.of("recording", "Choose a file with sound or film.")
    return upload


def _head(upload: FileStorage) -> bytes:
    head: bytes = upload.stream.read(SNIFFED)
    upload.stream.seek(0)
    return head


def _name_of(recording: Recording) -> str:
    """By its reference: the name that it came with may be that of whoever speaks."""
    return recording.ref + (guess_extension(recording.media_type) or "")


def _files() -> FileStore:
    store: FileStore = current_app.extensions["files"]
    return store
