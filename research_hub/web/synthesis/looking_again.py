"""Looking again at an insight: done, asked of somebody, or not needed because typing alone was put right."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from insights.core.access import Permission
from insights.core.errors import InvalidInput
from insights.decisions.relooking import look_again as record_look
from insights.people.models import Member
from insights.people.queries import member_choices
from insights.synthesis.operations import ask_to_look_again, mark_minor
from insights.synthesis.queries import get_insight, open_task_of
from research_hub.db import reading, transaction
from research_hub.errors import shows_errors_on
from research_hub.security import current_member, requires
from research_hub.web.forms import choose, number_or_none, read_form
from research_hub.web.synthesis.blueprint import bp
from research_hub.web.synthesis.forms import LookAgainForm, RevalidationForm
from research_hub.web.words import count


@bp.get("/insights/<ref>/revalidate")
@requires(Permission.EDIT_INSIGHTS)
def look_again(ref: str) -> ResponseReturnValue:
    session = reading()
    insight = get_insight(session, current_member(), ref)
    ask = LookAgainForm(data={"owner_id": str(insight.owner_id or "")})
    choose(ask.owner_id, member_choices(session))
    return render_template(
        "synthesis/revalidation_form.html",
        form=RevalidationForm(),
        ask=ask,
        insight=insight,
        task=open_task_of(session, insight),
    )


@bp.post("/insights/<ref>/revalidate")
@requires(Permission.EDIT_INSIGHTS)
@shows_errors_on(".look_again")
def revalidate(ref: str) -> ResponseReturnValue:
    """Decisions in force that rest on it are told."""
    form = RevalidationForm()
    form.result.validate_choice = False
    values = read_form(form)
    if not values["result"]:
        raise InvalidInput.of("result", "Choose what you found.")
    with transaction() as session:
        insight = get_insight(session, current_member(), ref)
        told = record_look(
            session, actor=current_member(), insight=insight, result=values["result"], note=values["note"]
        )
    rest = f" {count(len(told), 'decision')} in force that {'rests' if len(told) == 1 else 'rest'} on it: told."
    flash(f"Recorded what you found.{rest if told else ''}", "success")
    return redirect(url_for(".show", ref=ref), code=303)


@bp.post("/insights/<ref>/look-again")
@requires(Permission.EDIT_INSIGHTS)
@shows_errors_on(".look_again")
def ask_look(ref: str) -> ResponseReturnValue:
    """Asks somebody to look by a day; it waits on their home page."""
    form = LookAgainForm()
    form.owner_id.choices = []
    values = read_form(form)
    number = number_or_none(values["owner_id"])
    with transaction() as session:
        insight = get_insight(session, current_member(), ref)
        owner = None if number is None else session.get(Member, number)
        due_on, why = values["due_on"], values["why"]
        task = ask_to_look_again(session, actor=current_member(), insight=insight, owner=owner, due_on=due_on, why=why)
    flash(f"Asked. It waits on their home page until {task.due_on.isoformat()}.", "success")
    return redirect(url_for(".show", ref=ref), code=303)


@bp.post("/insights/<ref>/typing-alone")
@requires(Permission.EDIT_INSIGHTS)
@shows_errors_on(".show")
def typing_alone(ref: str) -> ResponseReturnValue:
    """A second person says that the newest wording means the same: links to the one before stay current."""
    with transaction() as session:
        insight = get_insight(session, current_member(), ref)
        mark_minor(session, actor=current_member(), insight=insight)
    flash(f"{insight.ref} means what it meant: links to the version before are current again.", "success")
    return redirect(url_for(".show", ref=ref), code=303)
