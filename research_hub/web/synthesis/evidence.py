from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from insights.coding.queries import get_highlight, list_highlights
from insights.core.access import Permission
from insights.core.errors import InvalidInput, NotFound
from insights.synthesis.models import EvidenceLink
from insights.synthesis.operations import (
    attach_external_source,
    attach_highlight,
    attach_insight,
    detach_evidence,
)
from insights.synthesis.queries import get_insight
from research_hub.db import reading, transaction
from research_hub.errors import shows_errors_on
from research_hub.security import current_member, requires
from research_hub.web.forms import read_form
from research_hub.web.synthesis.blueprint import bp
from research_hub.web.synthesis.forms import EvidenceForm


@bp.get("/insights/<ref>/evidence")
@requires(Permission.EDIT_INSIGHTS)
def choose_evidence(ref: str) -> ResponseReturnValue:
    session, member = reading(), current_member()
    insight = get_insight(session, member, ref)
    form = EvidenceForm(data={"relation": request.args.get("relation", "supports")})
    quotes = list_highlights(session, member, limit=30)
    return render_template("synthesis/evidence_form.html", form=form, insight=insight, quotes=quotes)


@bp.post("/insights/<ref>/evidence")
@requires(Permission.EDIT_INSIGHTS)
@shows_errors_on(".choose_evidence")
def attach(ref: str) -> ResponseReturnValue:
    """A quote, another insight, or a source outside: whichever field was filled."""
    values = read_form(EvidenceForm())
    with transaction() as session:
        actor = current_member()
        insight = get_insight(session, actor, ref)
        if values["quote"]:
            highlight, _source = get_highlight(session, actor, values["quote"].strip())
            attach_highlight(
                session,
                actor=actor,
                insight=insight,
                highlight=highlight,
                relation=values["relation"],
                note=values["note"],
            )
        elif values["other"]:
            other = get_insight(session, actor, values["other"].strip())
            attach_insight(
                session,
                actor=actor,
                insight=insight,
                other=other,
                relation=values["relation"],
                note=values["note"],
            )
        elif values["external_title"]:
            attach_external_source(
                session,
                actor=actor,
                insight=insight,
                title=values["external_title"],
                url=values["external_url"],
                relation=values["relation"],
                note=values["note"],
            )
        else:
            raise InvalidInput.of("quote", "Name a quote, another insight, or a source outside.")
    flash("Evidence attached.", "success")
    return redirect(url_for(".show", ref=ref), code=303)


@bp.post("/insights/<ref>/evidence/<int:link_id>/detach")
@requires(Permission.EDIT_INSIGHTS)
@shows_errors_on(".show")
def detach(ref: str, link_id: int) -> ResponseReturnValue:
    with transaction() as session:
        insight = get_insight(session, current_member(), ref)
        link = session.get(EvidenceLink, link_id)
        if link is None or link.insight_id != insight.id:
            raise NotFound(f"evidence {link_id}")
        detach_evidence(session, actor=current_member(), insight=insight, link=link)
    flash("Evidence taken away; the version before still shows it.", "success")
    return redirect(url_for(".show", ref=ref), code=303)
