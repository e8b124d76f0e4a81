"""Research requests: the list, one of them, and asking for one."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.core.access import Permission, may
from insights.core.base import number_of
from insights.core.errors import NotFound
from insights.decisions.access import visible_decisions
from insights.decisions.models import Decision
from insights.openness.models import RequestStatus, ResearchRequest
from insights.openness.questions import question_of
from insights.openness.requests import (
    RequestFilter,
    RequestRow,
    ask_for_research,
    edit_request,
    get_request,
    list_requests,
    request_row,
    set_backing,
    set_request_removed,
)
from insights.people.models import Service
from insights.people.queries import service_choices
from research_hub.db import reading, transaction
from research_hub.errors import shows_errors_on
from research_hub.security import current_member, requires
from research_hub.web.exports import Value, as_file, table_of
from research_hub.web.forms import choose, number_or_none, read_form
from research_hub.web.messages import say_done
from research_hub.web.openness.blueprint import bp
from research_hub.web.openness.forms import STATUS_WORDS, AnswerForm, RequestForm

SHOWN = 200
TONES = {"answered": "ok", "planned": "ok", "open": "warn", "declined": "plain"}
_COLUMNS = ("Ref", "Question", "Why", "Service", "Backed by", "Status", "Study", "Insight", "Reason", "Asked on")


@bp.get("/requests")
@requires(Permission.READ)
def requests_list() -> ResponseReturnValue:
    session, member = reading(), current_member()
    rows = list_requests(session, member, _wanted(), limit=SHOWN + 1)
    return render_template(
        "openness/requests.html",
        rows=rows[:SHOWN],
        more=len(rows) > SHOWN,
        tones=TONES,
        statuses=STATUS_WORDS,
        services=service_choices(session),
        chosen={name: value for name, value in request.args.items() if value},
    )


@bp.get("/requests.<extension>")
@requires(Permission.READ)
def export_requests(extension: str) -> ResponseReturnValue:
    """All rows that the filters leave, not only those of one page."""
    rows = list_requests(reading(), current_member(), _wanted(), limit=None)
    return as_file(extension, table_of("Research requests", _COLUMNS, [_exported(row) for row in rows]))


@bp.get("/requests/new")
@requires(Permission.COMMENT)
def new_request() -> ResponseReturnValue:
    """`question` and `decision` say what it comes from; `title` is what somebody searched for."""
    session, member = reading(), current_member()
    question = question_of(session, number_or_none(request.values.get("question")))
    decision = _decision(request.values.get("decision", ""))
    known = request.args.get("title", "") or (decision.title if decision else question.words if question else "")
    form = RequestForm(
        data={
            "title": known,
            "question": "" if question is None else str(question.id),
            "decision": "" if decision is None else decision.ref,
        }
    )
    choose(form.service_id, service_choices(session))
    if decision is not None and decision.service_id and not request.form:
        form.service_id.data = str(decision.service_id)
    return render_template(
        "openness/request_form.html",
        form=form,
        row=None,
        decision=decision,
        question=question,
        alike=list_requests(session, member, RequestFilter(words=known), limit=5) if known and not decision else [],
    )


@bp.post("/requests")
@requires(Permission.COMMENT)
@shows_errors_on(".new_request")
def ask() -> ResponseReturnValue:
    values = _read()
    with transaction() as session:
        made = ask_for_research(
            session,
            actor=current_member(),
            title=values["title"] or "",
            why=values["why"] or "",
            service=_service(session, values),
            question=question_of(session, number_or_none(values["question"])),
            decision=_decision(values["decision"] or ""),
        )
    say_done(f"{made.ref} asks for research. Others can back it.", undo_href=url_for(".remove_request", ref=made.ref))
    return redirect(url_for(".show_request", ref=made.ref), code=303)


@bp.get("/requests/<ref>")
@requires(Permission.READ)
def show_request(ref: str, **_part: int) -> ResponseReturnValue:
    session, member = reading(), current_member()
    found = get_request(session, ref)
    row = request_row(session, member, found)
    may_edit = _may_edit(found)
    if row.removed and not may_edit:
        raise NotFound(ref)
    known = {"status": row.status, "study": row.study_ref, "insight": row.insight_ref, "reason": row.reason}
    return render_template(
        "openness/request.html", row=row, may_edit=may_edit, tones=TONES, form=AnswerForm(data=known)
    )


@bp.get("/requests/<ref>/edit")
@requires(Permission.COMMENT)
def edit_one_request(ref: str) -> ResponseReturnValue:
    session, member = reading(), current_member()
    found = get_request(session, ref)
    form = RequestForm(obj=found)
    choose(form.service_id, service_choices(session))
    form.service_id.data = form.service_id.data if request.form else str(found.service_id or "")
    return render_template(
        "openness/request_form.html",
        form=form,
        row=request_row(session, member, found),
        decision=None,
        question=None,
        alike=[],
    )


@bp.post("/requests/<ref>")
@requires(Permission.COMMENT)
@shows_errors_on(".edit_one_request")
def update_request(ref: str) -> ResponseReturnValue:
    values = _read()
    with transaction() as session:
        edit_request(
            session,
            actor=current_member(),
            request=get_request(session, ref),
            title=values["title"] or "",
            why=values["why"] or "",
            service=_service(session, values),
            row_version=number_or_none(values["row_version"]),
        )
    flash(f"{ref} is saved.", "success")
    return redirect(url_for(".show_request", ref=ref), code=303)


@bp.post("/requests/<ref>/back")
@requires(Permission.COMMENT)
@shows_errors_on(".show_request")
def back(ref: str) -> ResponseReturnValue:
    _back(ref, backs=True)
    say_done(f"You back {ref}.", undo_href=url_for(".back_no_more", ref=ref))
    return redirect(url_for(".show_request", ref=ref), code=303)


@bp.post("/requests/<ref>/back-no-more")
@requires(Permission.COMMENT)
@shows_errors_on(".show_request")
def back_no_more(ref: str) -> ResponseReturnValue:
    _back(ref, backs=False)
    say_done(f"You do not back {ref} any more.", undo_href=url_for(".back", ref=ref))
    return redirect(url_for(".show_request", ref=ref), code=303)


@bp.post("/requests/<ref>/remove")
@requires(Permission.COMMENT)
@shows_errors_on(".show_request")
def remove_request(ref: str) -> ResponseReturnValue:
    _set_removed(ref, removed=True)
    say_done(f"{ref} is taken away.", undo_href=url_for(".restore_request", ref=ref))
    return redirect(url_for(".requests_list"), code=303)


@bp.post("/requests/<ref>/restore")
@requires(Permission.COMMENT)
@shows_errors_on(".show_request")
def restore_request(ref: str) -> ResponseReturnValue:
    _set_removed(ref, removed=False)
    flash(f"{ref} is back.", "success")
    return redirect(url_for(".show_request", ref=ref), code=303)


def _back(ref: str, *, backs: bool) -> None:
    with transaction() as session:
        set_backing(session, actor=current_member(), request=get_request(session, ref), backs=backs)


def _set_removed(ref: str, *, removed: bool) -> None:
    with transaction() as session:
        set_request_removed(session, actor=current_member(), request=get_request(session, ref), removed=removed)


def _may_edit(found: ResearchRequest) -> bool:
    return found.created_by_id == current_member().id or may(current_member(), Permission.EDIT_STUDIES)


def _decision(ref: str) -> Decision | None:
    """The decision that the request comes from, where the member may see it."""
    number = number_of(ref, Decision.PREFIX)
    if number is None:
        return None
    return reading().scalar(select(Decision).where(Decision.id == number, visible_decisions(current_member())))


def _read() -> dict[str, Any]:
    form = RequestForm()
    form.service_id.choices = []
    return read_form(form)


def _service(session: Session, values: dict[str, Any]) -> Service | None:
    number = number_or_none(values["service_id"])
    return None if number is None else session.get(Service, number)


def _wanted() -> RequestFilter:
    status = request.args.get("status", "")
    return RequestFilter(
        status=status if status in list(RequestStatus) else "",
        service_id=number_or_none(request.args.get("service")),
        mine=bool(request.args.get("mine")),
        words=request.args.get("q", "")[:200],
    )


def _exported(row: RequestRow) -> tuple[Value, ...]:
    asked = (row.ref, row.title, row.why, row.service, row.backers, row.status)
    return (*asked, row.study_ref, row.insight_ref, row.reason, row.asked_on)
