"""What changed because of it, in words and pictures."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing

from flask import Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound as PageNotFound

from insights.core.access import Permission
from insights.decisions.images import LARGEST_IMAGE, CheckedImage, check_image
from insights.decisions.models import Change, Decision, ImageSide
from insights.decisions.operations import (
    describe_image,
    edit_change,
    record_change,
    set_change_image,
    set_image_deleted,
)
from insights.decisions.queries import get_change, get_decision, get_image, images_of
from research_hub.db import reading, transaction
from research_hub.errors import shows_errors_on
from research_hub.files import FileStore
from research_hub.security import current_member, requires, takes_bodies_of
from research_hub.web.decisions.blueprint import bp
from research_hub.web.decisions.forms import ChangeForm
from research_hub.web.forms import read_form
from research_hub.web.messages import say_done


@bp.get("/decisions/<ref>/changes/new")
@requires(Permission.EDIT_DECISIONS)
def new_change(ref: str) -> ResponseReturnValue:
    decision = get_decision(reading(), current_member(), ref)
    return render_template(
        "decisions/change_form.html",
        form=ChangeForm(),
        decision=decision,
        action=url_for(".add_change", ref=ref),
        images={},
    )


@bp.post("/decisions/<ref>/changes")
@requires(Permission.EDIT_DECISIONS)
@takes_bodies_of("max_upload")
@shows_errors_on(".new_change")
def add_change(ref: str) -> ResponseReturnValue:
    values = read_form(ChangeForm())
    images = _images()
    with transaction() as session:
        decision = get_decision(session, current_member(), ref)
        change = record_change(
            session, actor=current_member(), decision=decision, **_texts(values), has_images=bool(images)
        )
        _store(session, decision, change, images, values)
    flash("Recorded what changed.", "success")
    return redirect(url_for(".show", ref=ref, _anchor="changed"), code=303)


@bp.get("/decisions/<ref>/changes/<int:change_id>")
@requires(Permission.EDIT_DECISIONS)
def edit_one_change(ref: str, change_id: int) -> ResponseReturnValue:
    session = reading()
    decision = get_decision(session, current_member(), ref)
    change = get_change(session, decision, change_id)
    images = images_of(session, change)
    form = ChangeForm(obj=change, data={f"{side}_alt": image.alt for side, image in images.items()})
    action = url_for(".update_change", ref=ref, change_id=change_id)
    return render_template("decisions/change_form.html", form=form, decision=decision, action=action, images=images)


@bp.post("/decisions/<ref>/changes/<int:change_id>")
@requires(Permission.EDIT_DECISIONS)
@takes_bodies_of("max_upload")
@shows_errors_on(".edit_one_change")
def update_change(ref: str, change_id: int) -> ResponseReturnValue:
    values = read_form(ChangeForm())
    images = _images()
    with transaction() as session:
        decision = get_decision(session, current_member(), ref)
        change = get_change(session, decision, change_id)
        edit_change(session, actor=current_member(), decision=decision, change=change, **_texts(values))
        for side, old in images_of(session, change).items():
            if side not in images and values[f"{side}_alt"] != old.alt:
                alt = values[f"{side}_alt"] or ""
                describe_image(session, actor=current_member(), decision=decision, image=old, alt=alt)
        _store(session, decision, change, images, values)
    flash("Saved what changed.", "success")
    return redirect(url_for(".show", ref=ref, _anchor="changed"), code=303)


@bp.get("/decisions/<ref>/images/<int:image_id>")
@requires(Permission.READ)
def show_image(ref: str, image_id: int) -> ResponseReturnValue:
    """The picture to whoever may see the decision; rewritten when it came, and served as nothing but a picture."""
    session = reading()
    image = get_image(session, get_decision(session, current_member(), ref), image_id)
    if image.deleted_at is not None:
        raise PageNotFound
    # Pictures are small, so that the whole of one is held rather than a file that somebody has to close.
    response = Response(_files().read(image.sha256), content_type=image.media_type)
    response.set_etag(image.sha256)
    response.headers["Content-Disposition"] = f'inline; filename="{image.ref}.{image.media_type.partition("/")[2]}"'
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "private, no-cache"
    return response.make_conditional(request)


@bp.post("/decisions/<ref>/images/<int:image_id>/delete")
@requires(Permission.EDIT_DECISIONS)
@shows_errors_on(".show")
def delete_image(ref: str, image_id: int) -> ResponseReturnValue:
    _set_deleted(ref, image_id, deleted=True)
    say_done("The picture is taken away.", undo_href=url_for(".restore_image", ref=ref, image_id=image_id))
    return redirect(url_for(".show", ref=ref, _anchor="changed"), code=303)


@bp.post("/decisions/<ref>/images/<int:image_id>/restore")
@requires(Permission.EDIT_DECISIONS)
@shows_errors_on(".show")
def restore_image(ref: str, image_id: int) -> ResponseReturnValue:
    _set_deleted(ref, image_id, deleted=False)
    say_done("The picture is back.", undo_href=url_for(".delete_image", ref=ref, image_id=image_id))
    return redirect(url_for(".show", ref=ref, _anchor="changed"), code=303)


def _set_deleted(ref: str, image_id: int, *, deleted: bool) -> None:
    with transaction() as session:
        decision = get_decision(session, current_member(), ref)
        image = get_image(session, decision, image_id)
        set_image_deleted(session, actor=current_member(), decision=decision, image=image, deleted=deleted)


def _images() -> dict[str, CheckedImage]:
    """What was sent, by its side, checked before anything is stored."""
    found: dict[str, bytes] = {}
    for side in ImageSide:
        upload = request.files.get(f"{side.value}_image")
        if upload is not None and upload.filename:
            with closing(upload):
                found[side.value] = upload.stream.read(LARGEST_IMAGE + 1)
    return {side: check_image(content, field=f"{side}_image") for side, content in found.items()}


def _store(
    session: Session,
    decision: Decision,
    change: Change,
    images: Mapping[str, CheckedImage],
    values: Mapping[str, str | None],
) -> None:
    """The bytes last, so that a full disk takes the rows back with it."""
    for side, image in images.items():
        set_change_image(
            session,
            actor=current_member(),
            decision=decision,
            change=change,
            side=ImageSide(side),
            image=image,
            alt=values[f"{side}_alt"] or "",
        )
    for image in images.values():
        _files().keep(image.content)


def _files() -> FileStore:
    store: FileStore = current_app.extensions["files"]
    return store


def _texts(values: dict[str, str | None]) -> dict[str, str]:
    return {name: values[name] or "" for name in ("before", "after", "url")}
