"""One's own acts of coding, each with its way back."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from insights.coding.codebook.queries import get_act, list_acts
from insights.coding.codebook.undoing import undo_act
from insights.coding.models import CodingAct
from insights.core.access import Permission
from research_hub.db import reading, transaction
from research_hub.errors import shows_errors_on
from research_hub.security import current_member, requires
from research_hub.web.coding.blueprint import bp
from research_hub.web.messages import say_done
from research_hub.web.words import link_to


def say_coded(text: str, act: CodingAct | None) -> None:
    """Says what was done, with the way back where something changed."""
    if act is None:
        flash(text, "success")
    else:
        say_done(text, undo_href=url_for("coding.undo", act_id=act.id))


@bp.get("/coding/acts")
@requires(Permission.CODE)
def acts() -> ResponseReturnValue:
    return render_template("coding/codebook_acts.html", rows=list_acts(reading(), current_member()))


@bp.get("/coding/acts/<int:act_id>/undo")
@requires(Permission.CODE)
def refused_undo(act_id: int) -> ResponseReturnValue:
    """Where an undo that was refused says so: the same list."""
    get_act(reading(), current_member(), act_id)
    return acts()


@bp.post("/coding/acts/<int:act_id>/undo")
@requires(Permission.CODE)
@shows_errors_on(".refused_undo")
def undo(act_id: int) -> ResponseReturnValue:
    with transaction() as session:
        act = get_act(session, current_member(), act_id)
        undo_act(session, actor=current_member(), act=act)
    flash(f"Undone: {act.label}.", "success")
    return redirect(_back_to(act), code=303)


def _back_to(act: CodingAct) -> str:
    """The page of what was coded; the codebook where the tag was removed again."""
    if request.form.get("from") == "list":
        return url_for(".acts")
    subject = act.inverse["rows"].get(act.subject_ref, {"before": {}})
    return url_for(".tags") if subject["before"] is None else f"{link_to(act.subject_ref) or url_for('.acts')}"
