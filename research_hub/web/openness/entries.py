"""Public entries: the list, which is the queue, one of them, and drafting one for a decision."""

from __future__ import annotations

from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from insights.core.access import Permission
from insights.core.errors import InvalidInput
from insights.decisions.queries import get_decision
from insights.openness.entries import (
    SECTIONS,
    EntryRow,
    EntryTexts,
    approver_choices,
    choose_quotes,
    draft_entry,
    edit_entry,
    entries_of,
    entry_head,
    get_entry,
    history_of,
    insight_ids_of,
    leave_out_insight,
    list_entries,
    name_approver,
    paragraphs_of,
    quotes_of,
    quotes_to_show,
    set_entry_removed,
    take_up_insights,
)
from insights.openness.publishability import publishability
from insights.people.models import Member
from insights.people.queries import Choice
from research_hub.db import reading, transaction
from research_hub.errors import shows_errors_on
from research_hub.security import current_member, requires
from research_hub.web.exports import Value, as_file, table_of
from research_hub.web.forms import choose, number_or_none, read_form
from research_hub.web.messages import say_done
from research_hub.web.openness.blueprint import bp
from research_hub.web.openness.forms import ApproverForm, EntryForm, LanguageForm, WithdrawalForm

SHOWN = 200
STEPS = ("draft", "pii_checked", "signed_off", "published")
_COLUMNS = (
    *("Ref", "Title", "Decision", "Decision title", "Service", "Language", "State", "Waits", "Signs off", "Written by"),
    *("Published on", "Review on"),
)


@bp.get("/public-entries")
@requires(Permission.READ)
def entries() -> ResponseReturnValue:
    chosen = {name: "1" for name in ("mine", "waiting") if request.args.get(name)}
    rows = list_entries(reading(), current_member(), mine="mine" in chosen, waiting="waiting" in chosen, limit=SHOWN)
    return render_template("openness/entries.html", rows=rows, chosen=chosen, is_on=_is_on())


@bp.get("/public-entries.<extension>")
@requires(Permission.READ)
def export_entries(extension: str) -> ResponseReturnValue:
    rows = list_entries(
        reading(), current_member(), mine=bool(request.args.get("mine")), waiting=bool(request.args.get("waiting"))
    )
    return as_file(extension, table_of("Public entries", _COLUMNS, [_exported(row) for row in rows]))


@bp.get("/decisions/<ref>/public")
@requires(Permission.READ)
def entries_of_decision(ref: str) -> ResponseReturnValue:
    session, member = reading(), current_member()
    decision = get_decision(session, member, ref)
    form = LanguageForm(data={"language": "en"})
    rows = entries_of(session, member, decision)
    return render_template(
        "openness/entry_begin.html",
        decision=decision,
        rows=rows,
        form=form,
        is_on=_is_on(),
        public=publishability(session, member, decision),
    )


@bp.post("/decisions/<ref>/public")
@requires(Permission.EDIT_DECISIONS)
@shows_errors_on(".entries_of_decision")
def begin_entry(ref: str) -> ResponseReturnValue:
    values = read_form(LanguageForm())
    with transaction() as session:
        decision = get_decision(session, current_member(), ref)
        entry = draft_entry(session, actor=current_member(), decision=decision, language=values["language"] or "en")
    undo = url_for(".remove_entry", ref=entry.ref)
    say_done(f"{entry.ref} is drafted from the records. Put it into plain words.", undo_href=undo)
    return redirect(url_for(".show_entry", ref=entry.ref), code=303)


@bp.get("/public-entries/<ref>")
@requires(Permission.READ)
def show_entry(ref: str) -> ResponseReturnValue:
    session, member = reading(), current_member()
    head = entry_head(session, member, ref)
    approver, approvers = ApproverForm(), approver_choices(session, head.entry)
    choose(approver.approver_id, [Choice(str(number), name) for number, name in approvers])
    if not request.form:
        approver.approver_id.data = str(head.entry.approver_id or "")
    return render_template(
        "openness/entry.html",
        head=head,
        entry=head.entry,
        row=head.row,
        standing=head.standing,
        sections=SECTIONS,
        texts={name: paragraphs_of(getattr(head.entry, name)) for name in SECTIONS},
        steps=STEPS,
        approver=approver,
        withdrawal=WithdrawalForm(),
        history=history_of(session, head.entry),
        is_on=_is_on(),
    )


@bp.get("/public-entries/<ref>/edit")
@requires(Permission.EDIT_DECISIONS)
def edit_one_entry(ref: str) -> ResponseReturnValue:
    entry, _ = get_entry(reading(), current_member(), ref, whole=True)
    return render_template("openness/entry_form.html", entry=entry, form=EntryForm(obj=entry), sections=SECTIONS)


@bp.post("/public-entries/<ref>")
@requires(Permission.EDIT_DECISIONS)
@shows_errors_on(".edit_one_entry")
def update_entry(ref: str) -> ResponseReturnValue:
    values = read_form(EntryForm())
    texts = EntryTexts(**{name: values[name] or "" for name in ("title", *SECTIONS)})
    with transaction() as session:
        entry, _ = get_entry(session, current_member(), ref, whole=True)
        version = number_or_none(values["row_version"])
        edit_entry(session, actor=current_member(), entry=entry, texts=texts, row_version=version)
    flash(f"{ref} is saved. What was checked or signed off before has to be looked at again.", "success")
    return redirect(url_for(".show_entry", ref=ref), code=303)


@bp.get("/public-entries/<ref>/quotes")
@requires(Permission.EDIT_DECISIONS)
def quotes_of_entry(ref: str) -> ResponseReturnValue:
    session = reading()
    entry, decision = get_entry(session, current_member(), ref, whole=True)
    shown = {each.highlight_id: each for each in quotes_of(session, entry)}
    offers = quotes_to_show(session, insight_ids_of(session, entry))
    gone = [each for number, each in shown.items() if number not in {offer.highlight_id for offer in offers}]
    return render_template(
        "openness/entry_quotes.html", entry=entry, decision=decision, offers=offers, shown=shown, gone=gone
    )


@bp.post("/public-entries/<ref>/quotes")
@requires(Permission.EDIT_DECISIONS)
@shows_errors_on(".quotes_of_entry")
def set_quotes(ref: str) -> ResponseReturnValue:
    chosen = [number for value in request.form.getlist("quotes") if (number := number_or_none(value)) is not None]
    with transaction() as session:
        entry, _ = get_entry(session, current_member(), ref, whole=True)
        choose_quotes(session, actor=current_member(), entry=entry, highlight_ids=chosen)
    flash(f"{ref} shows these quotes.", "success")
    return redirect(url_for(".show_entry", ref=ref), code=303)


@bp.post("/public-entries/<ref>/leave-out")
@requires(Permission.EDIT_DECISIONS)
@shows_errors_on(".show_entry")
def leave_out(ref: str) -> ResponseReturnValue:
    number = number_or_none(request.form.get("insight_id"))
    if number is None:
        raise InvalidInput.of("insight_id", "Choose the insight to leave out.")
    with transaction() as session:
        entry, _ = get_entry(session, current_member(), ref, whole=True)
        leave_out_insight(session, actor=current_member(), entry=entry, insight_id=number)
    say_done(f"INS-{number} is left out, with its quotes.", undo_href=url_for(".take_up", ref=ref))
    return redirect(url_for(".show_entry", ref=ref), code=303)


@bp.post("/public-entries/<ref>/take-up")
@requires(Permission.EDIT_DECISIONS)
@shows_errors_on(".show_entry")
def take_up(ref: str) -> ResponseReturnValue:
    with transaction() as session:
        entry, decision = get_entry(session, current_member(), ref, whole=True)
        take_up_insights(session, actor=current_member(), entry=entry, decision=decision)
    flash(f"{ref} rests on every insight of the decision that may be told. Choose its quotes anew.", "success")
    return redirect(url_for(".show_entry", ref=ref), code=303)


@bp.post("/public-entries/<ref>/approver")
@requires(Permission.EDIT_DECISIONS)
@shows_errors_on(".show_entry")
def set_approver(ref: str) -> ResponseReturnValue:
    number = number_or_none(request.form.get("approver_id"))
    with transaction() as session:
        entry, _ = get_entry(session, current_member(), ref)
        approver = None if number is None else session.get(Member, number)
        name_approver(session, actor=current_member(), entry=entry, approver=approver)
    flash(f"{'' if approver is None else approver.name} is named to sign off {ref}.", "success")
    return redirect(url_for(".show_entry", ref=ref), code=303)


@bp.post("/public-entries/<ref>/remove")
@requires(Permission.EDIT_DECISIONS)
@shows_errors_on(".show_entry")
def remove_entry(ref: str) -> ResponseReturnValue:
    _set_removed(ref, removed=True)
    say_done(f"{ref} is taken away.", undo_href=url_for(".restore_entry", ref=ref))
    return redirect(url_for(".entries"), code=303)


@bp.post("/public-entries/<ref>/restore")
@requires(Permission.EDIT_DECISIONS)
@shows_errors_on(".show_entry")
def restore_entry(ref: str) -> ResponseReturnValue:
    _set_removed(ref, removed=False)
    flash(f"{ref} is back.", "success")
    return redirect(url_for(".show_entry", ref=ref), code=303)


def _set_removed(ref: str, *, removed: bool) -> None:
    with transaction() as session:
        entry, _ = get_entry(session, current_member(), ref)
        set_entry_removed(session, actor=current_member(), entry=entry, removed=removed)


def _is_on() -> bool:
    settings: Any = current_app.extensions["settings"]
    return bool(settings.public_pages)


def _exported(row: EntryRow) -> tuple[Value, ...]:
    told = (row.ref, row.title, row.decision_ref, row.decision, row.service, row.language, row.state, row.waits)
    return (*told, row.approver, row.written_by, row.published_at, row.review_on)
