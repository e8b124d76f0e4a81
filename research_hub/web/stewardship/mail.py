"""How it goes with mail, for administrators: set up or not, waiting, given up and why."""

from __future__ import annotations

from flask import current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from insights.core.access import Permission
from insights.core.errors import NotFound
from insights.people.mail import GIVES_UP_AFTER, count_mails, list_mails, retry_mail
from insights.people.models import Mail
from research_hub.config import Settings
from research_hub.db import reading, transaction
from research_hub.errors import shows_errors_on
from research_hub.security import current_member, requires
from research_hub.web.stewardship.blueprint import bp


@bp.get("/mail")
@requires(Permission.ADMINISTER)
def mail(**_act: object) -> ResponseReturnValue:
    """Shown again after a refusal too, whichever mail it was about."""
    settings: Settings = current_app.extensions["settings"]
    session = reading()
    return render_template(
        "stewardship/mail.html",
        settings=settings,
        counts=count_mails(session),
        mails=list_mails(session),
        gives_up_after=GIVES_UP_AFTER,
    )


@bp.post("/mail/<int:mail_id>/retry")
@requires(Permission.ADMINISTER)
@shows_errors_on(".mail")
def retry(mail_id: int) -> ResponseReturnValue:
    with transaction() as session:
        row = session.get(Mail, mail_id)
        if row is None:
            raise NotFound(f"mail {mail_id}")
        retry_mail(session, actor=current_member(), mail=row)
    flash("It will be tried again within a minute.", "success")
    return redirect(url_for(".mail"), code=303)
