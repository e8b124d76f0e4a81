"""Telling participants what their words led to: who may be told, the message, and that they were (features.md J2)."""

from __future__ import annotations

from itertools import groupby
from typing import Any
from urllib.parse import urlsplit

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from wtforms import BooleanField, SelectField, StringField, TextAreaField

from insights.capture.known_by_name import vault_study
from insights.capture.models import Study
from insights.core.access import Permission
from insights.core.clock import today
from insights.core.errors import InvalidInput, NotFound
from insights.decisions.models import Decision
from insights.decisions.queries import get_decision
from insights.openness.follow_ups import (
    PLACES,
    Message,
    Words,
    fill_message,
    follow_ups_of_study,
    mark_told,
    queue_follow_ups,
    save_template,
    take_follow_up_back,
    template_of,
)
from insights.openness.follow_ups.message import published_decisions
from insights.openness.follow_ups.telling import OTHER_WAYS
from insights.people.contacts import CHANNEL_LABELS
from research_hub.config import Settings
from research_hub.db import reading, transaction
from research_hub.errors import shows_errors_on
from research_hub.security import current_member, requires
from research_hub.web.exports import Value, as_file, table_of
from research_hub.web.forms import DayField, HubForm, read_form
from research_hub.web.messages import say_done
from research_hub.web.openness.blueprint import bp
from research_hub.web.words import count

COLUMNS = ("Code", "Participant", "Decision", "Title", "Decided", "Standing", "Told on", "How")
TONES = {
    "READY": "warn",
    "OTHERWISE": "warn",
    "STOPPED": "warn",
    "NOT_TAKEN": "warn",
    "WAITING": "plain",
    "SENT": "ok",
    "TOLD": "ok",
    "NO_CONTACT": "plain",
    "NO_CONSENT": "plain",
}


class TemplateForm(HubForm):
    subject = StringField("Subject")
    text = TextAreaField("Message", description="Plain words. What stands in braces is filled in for each decision.")


class SendForm(HubForm):
    subject = StringField("Subject")
    text = TextAreaField("Message", description="As it will be sent. Nobody’s name stands in it.")
    despite = BooleanField("Send it although they heard from us as often as our limit")


class ToldForm(HubForm):
    channel = SelectField("How", choices={way.value: CHANNEL_LABELS[way] for way in OTHER_WAYS}, validate_choice=False)
    on = DayField("Day on which they were told")


@bp.get("/studies/<ref>/follow-ups")
@requires(Permission.KEEP_IDENTITIES)
def follow_ups(ref: str, follow_up_id: int = 0) -> ResponseReturnValue:  # noqa: ARG001 - shown again after one is taken back
    """Each accepted decision that cites a session of the study, and where its people stand with it."""
    session, member = reading(), current_member()
    study = vault_study(session, member, ref)
    rows = follow_ups_of_study(session, member, study)
    words = template_of(session, study)
    return render_template(
        "openness/follow_ups.html",
        study=study,
        decisions=[list(each) for _, each in groupby(rows, key=lambda row: row.decision_id)],
        form=TemplateForm(data={"subject": words.subject, "text": words.text}),
        places=PLACES,
        tones=TONES,
        channels=CHANNEL_LABELS,
        sends=_settings().sends_mail,
    )


@bp.get("/studies/<ref>/follow-ups.<extension>")
@requires(Permission.KEEP_IDENTITIES)
def export_follow_ups(ref: str, extension: str) -> ResponseReturnValue:
    session, member = reading(), current_member()
    study = vault_study(session, member, ref)
    rows: list[tuple[Value, ...]] = [
        (
            *(row.code, row.participant_ref, row.decision_ref, row.decision, row.decided_on, row.standing.value),
            *(row.told_on, row.channel),
        )
        for row in follow_ups_of_study(session, member, study)
    ]
    return as_file(extension, table_of(f"Follow-up {study.ref}", COLUMNS, rows))


@bp.post("/studies/<ref>/follow-ups")
@requires(Permission.KEEP_IDENTITIES)
@shows_errors_on(".follow_ups")
def word_follow_ups(ref: str) -> ResponseReturnValue:
    values = read_form(TemplateForm())
    with transaction() as session:
        study = vault_study(session, current_member(), ref)
        save_template(session, actor=current_member(), study=study, words=Words(values["subject"], values["text"]))
    flash("Saved. The next message of this study begins with these words.", "success")
    return redirect(url_for(".follow_ups", ref=ref), code=303)


@bp.get("/studies/<ref>/follow-ups/<int:decision_id>")
@requires(Permission.KEEP_IDENTITIES)
def follow_up(ref: str, decision_id: int) -> ResponseReturnValue:
    """Who may be told of one decision, and the message as it will be sent."""
    session, member = reading(), current_member()
    study, decision = _own(session, ref, decision_id)
    rows = follow_ups_of_study(session, member, study, decision_id=decision_id)
    message = _message(session, study, decision)
    words = message.words
    chosen = request.form.getlist("codes") if request.method == "POST" else None
    return render_template(
        "openness/follow_up.html",
        study=study,
        decision=decision,
        rows=rows,
        chosen=chosen,
        form=SendForm(data={"subject": words.subject, "text": words.text}),
        told=ToldForm(data={"on": today(session)}),
        answer_to=message.answer_to,
        tones=TONES,
        sends=_settings().sends_mail,
        public_address=_public_address(session, decision),
    )


@bp.post("/studies/<ref>/follow-ups/<int:decision_id>")
@requires(Permission.KEEP_IDENTITIES)
@shows_errors_on(".follow_up")
def send_follow_ups(ref: str, decision_id: int) -> ResponseReturnValue:
    """Into the outbox; the worker looks the addresses up when it sends, and nobody else does."""
    values = read_form(SendForm())
    with transaction() as session:
        study, decision = _own(session, ref, decision_id)
        if not _settings().sends_mail:
            raise InvalidInput.of("text", "No mail server is set up here. Tell them by letter or telephone.")
        answer_to = _message(session, study, decision).answer_to
        queued = queue_follow_ups(
            session,
            actor=current_member(),
            study=study,
            decision=decision,
            codes=request.form.getlist("codes"),
            message=Message(Words(values["subject"], values["text"]), answer_to),
            despite=values["despite"],
        )
    flash(f"{count(len(queued), 'message')} in the outbox. Until it is sent each can be taken back below.", "success")
    return redirect(url_for(".follow_ups", ref=ref), code=303)


@bp.post("/studies/<ref>/follow-ups/<int:decision_id>/told")
@requires(Permission.KEEP_IDENTITIES)
@shows_errors_on(".follow_up")
def told_otherwise(ref: str, decision_id: int) -> ResponseReturnValue:
    values = read_form(ToldForm())
    with transaction() as session:
        study, decision = _own(session, ref, decision_id)
        told = mark_told(
            session,
            actor=current_member(),
            study=study,
            decision=decision,
            codes=request.form.getlist("codes"),
            channel=values["channel"] or "",
            on=values["on"],
        )
    text = f"Recorded that {count(len(told), 'person', 'people')} {'was' if len(told) == 1 else 'were'} told."
    if len(told) == 1:
        say_done(text, undo_href=url_for(".take_back_follow_up", ref=ref, follow_up_id=told[0].id))
    else:
        flash(text, "success")
    return redirect(url_for(".follow_ups", ref=ref), code=303)


@bp.post("/studies/<ref>/follow-ups/<int:follow_up_id>/take-back")
@requires(Permission.KEEP_IDENTITIES)
@shows_errors_on(".follow_ups")
def take_back_follow_up(ref: str, follow_up_id: int) -> ResponseReturnValue:
    with transaction() as session:
        study = vault_study(session, current_member(), ref)
        take_follow_up_back(session, actor=current_member(), study=study, follow_up_id=follow_up_id)
    flash("Taken back. They can be told again.", "success")
    return redirect(url_for(".follow_ups", ref=ref), code=303)


def _own(session: Session, ref: str, decision_id: int) -> tuple[Study, Decision]:
    """Raises NotFound for a decision that cites nobody of the study, as for one that is not there."""
    study = vault_study(session, current_member(), ref)
    decision = get_decision(session, current_member(), f"{Decision.PREFIX}-{decision_id}")
    if not follow_ups_of_study(session, current_member(), study, decision_id=decision.id):
        raise NotFound(decision.ref)
    return study, decision


def _message(session: Session, study: Study, decision: Decision) -> Message:
    return fill_message(
        session,
        actor=current_member(),
        study=study,
        decision=decision,
        words=template_of(session, study),
        public_address=_public_address(session, decision),
    )


def _public_address(session: Session, decision: Decision) -> str:
    settings = _settings()
    if not (settings.public_pages and published_decisions(session, [decision.id])):
        return ""
    site = urlsplit(settings.base_url)
    path = url_for("public.page", ref=decision.ref)
    return f"{site.scheme}://{site.netloc}{path}" if site.netloc else ""


def _settings() -> Settings:
    settings: Any = current_app.extensions["settings"]
    return settings  # type: ignore[no-any-return]  # kept there by create_app
