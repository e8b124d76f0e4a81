"""What became of a research request, and the way back."""

from __future__ import annotations

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.capture.access import visible_studies
from insights.capture.models import Study
from insights.core.access import Permission
from insights.core.base import number_of
from insights.openness.requests import answer_request, get_request, undo_answer
from insights.synthesis.access import visible_insights
from insights.synthesis.models import Insight
from research_hub.db import transaction
from research_hub.errors import shows_errors_on
from research_hub.security import current_member, requires
from research_hub.web.forms import read_form
from research_hub.web.messages import say_done
from research_hub.web.openness.blueprint import bp
from research_hub.web.openness.forms import AnswerForm


@bp.post("/requests/<ref>/answer")
@requires(Permission.EDIT_STUDIES)
@shows_errors_on(".show_request")
def answer(ref: str) -> ResponseReturnValue:
    values = read_form(AnswerForm())
    with transaction() as session:
        entry = answer_request(
            session,
            actor=current_member(),
            request=get_request(session, ref),
            status=values["status"] or "",
            study=_study(session, values["study"] or ""),
            insight=_insight(session, values["insight"] or ""),
            reason=values["reason"] or "",
        )
    say_done(f"Said what became of {ref}.", undo_href=url_for(".take_answer_back", ref=ref, entry_id=entry.id))
    return redirect(url_for(".show_request", ref=ref), code=303)


@bp.post("/requests/<ref>/answers/<int:entry_id>/undo")
@requires(Permission.EDIT_STUDIES)
@shows_errors_on(".show_request")
def take_answer_back(ref: str, entry_id: int) -> ResponseReturnValue:
    with transaction() as session:
        undo_answer(session, actor=current_member(), request=get_request(session, ref), entry_id=entry_id)
    return redirect(url_for(".show_request", ref=ref), code=303)


def _study(session: Session, ref: str) -> Study | None:
    """None where there is none or the member may not see it, so that the form itself says so."""
    number = number_of(ref, Study.PREFIX) or 0
    return session.scalar(select(Study).where(Study.id == number, visible_studies(current_member())))


def _insight(session: Session, ref: str) -> Insight | None:
    number = number_of(ref, Insight.PREFIX) or 0
    return session.scalar(select(Insight).where(Insight.id == number, visible_insights(current_member())))
