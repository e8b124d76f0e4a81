"""Who has what, looked through person by person: begin, answer, close, and what there was."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from insights.core.access import Permission, may
from insights.core.errors import InvalidInput
from insights.people.models import Member, Team
from insights.people.queries import get_team
from insights.reports.table import Table, Value
from insights.stewardship.access_review import (
    Person,
    Shown,
    answer_row,
    areas_to_review,
    begin_review,
    close_review,
    get_review,
    list_reviews,
    review_due,
    reviews_everything,
    shown_review,
    take_back_answer,
)
from insights.stewardship.access_review.taking import ACCOUNT, AREA, ROLE
from insights.stewardship.models import ReviewAnswer
from research_hub.config import Settings
from research_hub.db import reading, transaction
from research_hub.errors import shows_errors_on
from research_hub.security import current_member, requires
from research_hub.web.exports import as_file, table_of
from research_hub.web.forms import number_or_none
from research_hub.web.messages import say_done
from research_hub.web.stewardship.blueprint import bp

PAGE: Final = 50
WHOLE: Final = "all"
ANSWERS: Final = {
    ReviewAnswer.KEEP: ("keep", "ok"),
    ReviewAnswer.TAKE_AWAY: ("take away", "bad"),
    ReviewAnswer.ASK: ("to ask", "warn"),
}
SHOWN: Final[Mapping[str, tuple[str, Callable[[Person], bool]]]] = {
    "everybody": ("Everybody", lambda _person: True),
    "waiting": ("Not answered", lambda person: person.waits),
    "ask": ("To ask", lambda person: person.answer is ReviewAnswer.ASK),
    "take": ("To take away", lambda person: person.answer is ReviewAnswer.TAKE_AWAY),
    "dormant": ("Dormant", lambda person: person.is_dormant),
}


@bp.get("/access/review")
@requires(Permission.READ)
def access_reviews() -> ResponseReturnValue:
    """Whoever reviews nobody is refused by `list_reviews`."""
    session, member = reading(), current_member()
    rows = list_reviews(session, member)
    return render_template(
        "stewardship/access_reviews.html",
        opened=[row for row in rows if row.closed_at is None],
        past=[row for row in rows if row.closed_at is not None],
        areas=areas_to_review(session, member),
        everything=reviews_everything(member),
        due=review_due(session, member, months=_settings().access_review_months),
        months=_settings().access_review_months,
        dormant_days=_settings().dormant_days,
    )


@bp.get("/access/review.<extension>")
@requires(Permission.READ)
def export_access_reviews(extension: str) -> ResponseReturnValue:
    columns = (
        "Ref",
        "Area",
        "Begun",
        "Begun by",
        "Closed",
        "Closed by",
        "Next due",
        "People",
        "Answered",
        "Taken from",
    )
    rows = [
        (
            *(row.ref, row.area, row.begun_at, row.begun_by, row.closed_at, row.closed_by, row.next_due_on),
            *(row.people, row.answered, row.taken),
        )
        for row in list_reviews(reading(), current_member())
    ]
    return as_file(extension, table_of("Access reviews", columns, rows))


@bp.post("/access/review")
@requires(Permission.READ)
@shows_errors_on(".access_reviews")
def begin_access_review() -> ResponseReturnValue:
    """`area` is the number of a team, or that of all."""
    with transaction() as session:
        team = _team(session, request.form.get("area", ""))
        review = begin_review(session, actor=current_member(), team=team, dormant_days=_settings().dormant_days)
        ref, area = review.ref, review.area
    flash(f"{ref} is open: who has what at this moment is written down. {area}.", "success")
    return redirect(url_for(".show_access_review", ref=ref), code=303)


@bp.get("/access/review/<ref>")
@requires(Permission.READ)
def show_access_review(ref: str, row_id: int = 0) -> ResponseReturnValue:
    """`show` narrows the people down; `row_id` is whose form is shown again."""
    member = current_member()
    shown = shown_review(reading(), member, ref)
    chosen = _chosen()
    people = [person for person in shown.people if SHOWN[chosen][1](person)]
    pages = max(1, -(-len(people) // PAGE))
    page = min(max(1, number_or_none(request.values.get("page")) or 1), pages)
    return render_template(
        "stewardship/access_review.html",
        shown=shown,
        review=shown.review,
        people=people[(page - 1) * PAGE : page * PAGE],
        page=page,
        pages=pages,
        chosen=chosen,
        narrowed={key: (words, sum(map(holds, shown.people))) for key, (words, holds) in SHOWN.items()},
        answers=ANSWERS,
        everything=reviews_everything(member),
        may_close=reviews_everything(member) or shown.review.team_id == member.team_id,
        words_of=words_of,
        way_to=_way_to(shown, member),
        answered=row_id,
    )


@bp.get("/access/review/<ref>/people.<extension>")
@requires(Permission.READ)
def export_access_review(ref: str, extension: str) -> ResponseReturnValue:
    """Everybody in it whom the reader answers for; a workbook says in a second sheet which review it is."""
    shown = shown_review(reading(), current_member(), ref)
    return as_file(extension, _people(shown), _head(shown))


@bp.post("/access/review/<ref>/people/<int:row_id>")
@requires(Permission.READ)
@shows_errors_on(".show_access_review")
def answer_access_review(ref: str, row_id: int) -> ResponseReturnValue:
    """`answer` is keep, take_away or ask; `take` what they are to have no longer."""
    with transaction() as session:
        row = answer_row(
            session,
            actor=current_member(),
            review=get_review(session, current_member(), ref),
            row_id=row_id,
            answer=request.form.get("answer", ""),
            take=request.form.getlist("take"),
            note=request.form.get("note", ""),
            was=request.form.get("was"),
        )
        name, answer = row.name, row.answer or ReviewAnswer.KEEP
    back = url_for(".undo_access_answer", ref=ref, row_id=row_id, show=_chosen(), page=request.form.get("page"))
    say_done(f"{name}: {ANSWERS[answer][0]}.", undo_href=back)
    return _back_to(ref, row_id)


@bp.post("/access/review/<ref>/people/<int:row_id>/undo")
@requires(Permission.READ)
@shows_errors_on(".show_access_review")
def undo_access_answer(ref: str, row_id: int) -> ResponseReturnValue:
    with transaction() as session:
        review = get_review(session, current_member(), ref)
        name = take_back_answer(session, actor=current_member(), review=review, row_id=row_id).name
    flash(f"{name}: as it was before.", "success")
    return _back_to(ref, row_id)


@bp.post("/access/review/<ref>/close")
@requires(Permission.READ)
@shows_errors_on(".show_access_review")
def close_access_review(ref: str) -> ResponseReturnValue:
    with transaction() as session:
        review = get_review(session, current_member(), ref)
        close_review(
            session,
            actor=current_member(),
            review=review,
            confirm=request.form.get("confirm", ""),
            months=_settings().access_review_months,
        )
    flash(f"{ref} is closed. Nothing in it changes any more.", "success")
    return redirect(url_for(".show_access_review", ref=ref), code=303)


def words_of(term: str, person: Person) -> str:
    """What is to be taken away, as a person says it."""
    if term in {ACCOUNT, ROLE, AREA}:
        return {
            ACCOUNT: "the account",
            ROLE: f"the role of {person.role_label.lower()}",
            AREA: f"looking after {person.team}",
        }[term]
    for opening in person.openings:
        if opening.ref == term:
            return f"access for a time to {opening.study or 'a restricted study'}"
    return f"being named in {term}" if term else "being named in a restricted study"


def _way_to(shown: Shown, member: Member) -> Callable[[str, Person], tuple[str, str]]:
    """The page that takes something away, and its name; without an address, who does it."""

    def way(term: str, person: Person) -> tuple[str, str]:
        if term in {ACCOUNT, ROLE, AREA}:
            may_do = may(member, Permission.ADMINISTER) or (
                member.administers_area and member.team_id == person.team_id
            )
            page = url_for("people.show_member", ref=person.member_ref)
            return (page, "their account") if may_do else ("", "an administrator does that")
        study = shown.studies.get(term)
        if study is None:
            watches = may(member, Permission.AUDIT)
            page = url_for(".access_for_a_time") if watches and term.startswith("BRK-") else ""
            return page, "access for a time" if page else "data protection sees to that"
        if study.seen and may(member, Permission.EDIT_STUDIES):
            return url_for("capture.access", ref=term), "who may see it"
        return "", f"its lead, {study.lead}, does that" if study.lead else "the people it names do that"

    return way


def _chosen() -> str:
    chosen = request.values.get("show", "")
    return chosen if chosen in SHOWN else "everybody"


def _team(session: Session, area: str) -> Team | None:
    """Raises InvalidInput where nothing was chosen, for the whole organisation is no default."""
    if area == WHOLE:
        return None
    if not area:
        raise InvalidInput.of("area", "Choose whose access is to be reviewed.")
    return get_team(session, area)


def _back_to(ref: str, row_id: int) -> ResponseReturnValue:
    page = number_or_none(request.values.get("page"))
    place = url_for(".show_access_review", ref=ref, show=_chosen(), page=page, _anchor=f"person-{row_id}")
    return redirect(place, code=303)


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings


def _people(shown: Shown) -> Table:
    columns = (
        *("Person", "Name", "Role", "Team", "Across teams", "Looks after the team", "Restricted studies"),
        *("Let in for a time", "Ways in", "Last sign-in", "Dormant", "Answer", "To take away", "Not done yet", "Note"),
        *("Answered by", "Answered"),
    )
    return table_of(f"Access review {shown.review.ref}", columns, [_exported(shown, each) for each in shown.people])


def _exported(shown: Shown, person: Person) -> tuple[Value, ...]:
    """Of a closed review what was not done when it was closed, so that the file stays the same for good."""
    hidden = [f"{person.hidden} closed to you"] if person.hidden else []
    left = [each for each in person.taken if not (each.done if shown.review.is_open else each.done_then)]
    return (
        *(person.member_ref, person.name, person.role_label, person.team),
        *("yes" if each else "no" for each in (person.is_central, person.administers_area)),
        ", ".join([*person.studies, *hidden]),
        "; ".join(f"{each.study or 'a study'} {_span(each.since, each.until)}" for each in person.openings),
        ", ".join(person.ways),
        person.last_sign_in_at,
        "yes" if person.is_dormant else "no",
        "" if person.answer is None else ANSWERS[person.answer][0],
        ", ".join(words_of(each.term, person) for each in person.taken),
        ", ".join(words_of(each.term, person) for each in left),
        *(person.note, person.answered_by, person.answered_at),
    )


def _span(since: datetime, until: datetime) -> str:
    return f"{since.astimezone():%d %b %Y %H:%M} to {until.astimezone():%d %b %Y %H:%M}"


def _head(shown: Shown) -> Table:
    review = shown.review
    rows: list[tuple[str, Value]] = [
        ("Review", review.ref),
        ("Area", review.area),
        ("Begun", review.created_at),
        ("Begun by", shown.begun_by),
        ("Dormant after days", review.dormant_days),
        ("Closed", review.closed_at),
        ("Closed by", shown.closed_by),
        ("Next due", review.next_due_on),
        ("SHA-256", review.sha256 or ""),
    ]
    return table_of("Review", ("What", "Which"), rows)
