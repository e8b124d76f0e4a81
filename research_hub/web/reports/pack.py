"""Evidence for a service assessment: what is ready, what is linked to which point, and the pack as a file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Response, abort, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.core.access import Permission
from insights.core.base import number_of
from insights.decisions.access import visible_decisions
from insights.decisions.models import Decision
from insights.people.models import Service
from insights.people.queries import Choice, service_choices
from insights.reports.pack import (
    PHASES,
    Pack,
    Readiness,
    Standard,
    build_pack,
    get_standard_link,
    link_to_point,
    readiness,
    set_link_removed,
    standard_of,
    standards,
)
from insights.synthesis.access import visible_insights
from insights.synthesis.models import Insight
from research_hub.db import reading, transaction
from research_hub.errors import shows_errors_on
from research_hub.pack_files import as_archive, as_page, as_word
from research_hub.security import current_member, requires
from research_hub.web.exports import as_file
from research_hub.web.messages import say_done
from research_hub.web.reports.blueprint import bp

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(frozen=True, slots=True)
class PackChoice:
    """`service` is None until one is chosen."""

    service: Choice | None
    standard: Standard
    phase: str
    suggested: bool
    services: tuple[Choice, ...]

    @property
    def address(self) -> dict[str, Any]:
        chosen: dict[str, Any] = {} if self.service is None else {"service": self.service.value}
        told = {**chosen, "standard": self.standard.code, "phase": self.phase}
        return told if self.suggested else told | {"only_linked": "1"}


@bp.get("/reports/pack")
@requires(Permission.READ)
def pack_readiness(**_part: int) -> ResponseReturnValue:
    choice = _choice()
    return render_template(
        "reports/pack.html", choice=choice, found=_readiness(choice), standards=standards(), phases=PHASES
    )


@bp.get("/reports/pack.<extension>")
@requires(Permission.READ)
def export_readiness(extension: str) -> ResponseReturnValue:
    found = _readiness(_choice())
    if found is None:
        return redirect(url_for(".pack_readiness"), code=303)
    return as_file(extension, found.as_table())


@bp.get("/reports/pack/file/<pack_form>")
@requires(Permission.READ)
def pack_file(pack_form: str) -> ResponseReturnValue:
    """`pack_form` is docx, html or zip."""
    choice = _choice()
    if choice.service is None:
        return redirect(url_for(".pack_readiness"), code=303)
    if pack_form not in {"docx", "html", "zip"}:
        abort(404)
    made = build_pack(
        reading(),
        current_member(),
        standard=choice.standard,
        service=choice.service,
        phase=choice.phase,
        suggested=choice.suggested,
    )
    # For the record of who took what: a withdrawal names the packs that may hold somebody's words.
    g.file_about = f"{Service.PREFIX}-{choice.service.value}"
    content, media = _written(made, pack_form)
    name = f"evidence-{choice.standard.code}-{choice.phase}-{made.made_on.isoformat()}.{pack_form}"
    return Response(content, content_type=media, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@bp.post("/reports/pack/link")
@requires(Permission.EDIT_DECISIONS)
@shows_errors_on(".pack_readiness")
def link_point() -> ResponseReturnValue:
    with transaction() as session:
        link = link_to_point(
            session,
            actor=current_member(),
            standard=request.form.get("standard", ""),
            point=request.form.get("point", ""),
            subject=_subject(session, request.form.get("ref", "")),
            note=request.form.get("note", ""),
        )
    point = link.point
    undo = url_for(".unlink_point", link_id=link.id, **_choice().address)
    say_done(f"{request.form['ref'].strip().upper()} is linked to point {point}.", undo_href=undo)
    return redirect(url_for(".pack_readiness", **_choice().address, _anchor=f"point-{point}"), code=303)


@bp.post("/reports/pack/links/<int:link_id>/remove")
@requires(Permission.EDIT_DECISIONS)
@shows_errors_on(".pack_readiness")
def unlink_point(link_id: int) -> ResponseReturnValue:
    _set_removed(link_id, removed=True)
    say_done("The link is taken away.", undo_href=url_for(".relink_point", link_id=link_id, **_choice().address))
    return redirect(url_for(".pack_readiness", **_choice().address), code=303)


@bp.post("/reports/pack/links/<int:link_id>/restore")
@requires(Permission.EDIT_DECISIONS)
@shows_errors_on(".pack_readiness")
def relink_point(link_id: int) -> ResponseReturnValue:
    _set_removed(link_id, removed=False)
    return redirect(url_for(".pack_readiness", **_choice().address), code=303)


def _set_removed(link_id: int, *, removed: bool) -> None:
    with transaction() as session:
        link = get_standard_link(session, current_member(), link_id)
        set_link_removed(session, actor=current_member(), link=link, removed=removed)


def _written(made: Pack, pack_form: str) -> tuple[bytes, str]:
    if pack_form == "docx":
        return as_word(made), _WORD
    if pack_form == "html":
        return as_page(made), "text/html; charset=utf-8"
    return as_archive(made, {"pack.docx": as_word(made), "pack.html": as_page(made)}), "application/zip"


def _readiness(choice: PackChoice) -> Readiness | None:
    if choice.service is None:
        return None
    return readiness(reading(), current_member(), standard=choice.standard, service=choice.service, phase=choice.phase)


def _choice() -> PackChoice:
    """From the address, or from a form that sends the same; a service that does not exist counts as none."""
    services = tuple(service_choices(reading()))
    asked = request.values.get("service", "")
    phase = request.values.get("phase", "")
    codes = {each.code for each in standards()}
    code = request.values.get("standard", "")
    return PackChoice(
        service=next((each for each in services if each.value == asked), None),
        standard=standard_of(code if code in codes else "govuk"),
        phase=phase if phase in PHASES else "beta",
        suggested=not request.values.get("only_linked"),
        services=services,
    )


def _subject(session: Session, ref: str) -> Decision | Insight | None:
    """The decision or insight of that ref, where the member may see it."""
    decision, insight = number_of(ref, Decision.PREFIX), number_of(ref, Insight.PREFIX)
    if decision is not None:
        return session.scalar(select(Decision).where(Decision.id == decision, visible_decisions(current_member())))
    return session.scalar(select(Insight).where(Insight.id == (insight or 0), visible_insights(current_member())))
