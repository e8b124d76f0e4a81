"""The queue of highlights whose place an edit took."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from insights.capture.queries import get_source
from insights.coding.carrying import current_version_of
from insights.coding.orphans import PAGE as PAGE_OF_ORPHANS
from insights.coding.orphans import count_orphans, list_orphans, put_in_place, take_out_of_place
from insights.coding.queries import get_highlight
from insights.core.access import Permission
from insights.core.errors import InvalidInput
from research_hub.db import reading, transaction
from research_hub.errors import shows_errors_on
from research_hub.security import current_member, requires
from research_hub.web.coding.blueprint import bp
from research_hub.web.coding.highlights import chosen_passage
from research_hub.web.differences import word_differences
from research_hub.web.forms import number_or_none
from research_hub.web.messages import say_done
from research_hub.web.reader import changed, said_in_place
from research_hub.web.words import link_to


@bp.get("/highlights/orphaned")
@requires(Permission.CODE)
def orphans(**_act: object) -> ResponseReturnValue:
    session, member = reading(), current_member()
    wanted = request.args.get("source")
    source = get_source(session, member, wanted)[0] if wanted else None
    rows = list_orphans(
        session,
        member,
        source_id=None if source is None else source.id,
        after_id=number_or_none(request.args.get("after")),
        limit=PAGE_OF_ORPHANS + 1,
    )
    shown = rows[:PAGE_OF_ORPHANS]
    return render_template(
        "coding/orphans.html",
        rows=[
            (row, [(each, word_differences(row.heard.words, each.words)) for each in row.candidates]) for row in shown
        ],
        more=len(rows) > PAGE_OF_ORPHANS,
        total=count_orphans(session, member),
        source=source,
    )


@bp.get("/highlights/<ref>/place")
@requires(Permission.CODE)
def choose_place(ref: str) -> ResponseReturnValue:
    """Opens the reader to choose where a highlight belongs."""
    highlight, source = get_highlight(reading(), current_member(), ref)
    name = source.ref if source.research_session_id is None else f"SES-{source.research_session_id}"
    return redirect(f"{link_to(name)}?place={highlight.ref}", code=303)


@bp.post("/highlights/<ref>/place")
@requires(Permission.CODE)
@shows_errors_on(".orphans")
def place(ref: str) -> ResponseReturnValue:
    with transaction() as session:
        highlight, source = get_highlight(session, current_member(), ref)
        before = (highlight.text_version_id, highlight.start, highlight.end)
        start, end = chosen_passage(current_version_of(session, source).text)
        put_in_place(
            session,
            actor=current_member(),
            highlight=highlight,
            source=source,
            start=start,
            end=end,
            text_version_id=number_or_none(request.form.get("text_version_id")),
        )
    undo = url_for(".take_out", ref=highlight.ref, version=before[0], start=before[1], end=before[2])
    told = f"{highlight.ref} has its place."
    if said_in_place():
        return changed(source, start=highlight.start, end=highlight.end, ref=highlight.ref, told=told, undo_href=undo)
    say_done(told, undo_href=undo)
    back = ".orphans" if request.form.get("back") == "orphans" else ".show_highlight"
    return redirect(url_for(back, ref=None if back == ".orphans" else highlight.ref), code=303)


@bp.post("/highlights/<ref>/take-out")
@requires(Permission.CODE)
@shows_errors_on(".orphans")
def take_out(ref: str) -> ResponseReturnValue:
    """Undoes what was put in place: ?version, start and end name where the words were heard."""
    version, start, end = (number_or_none(request.args.get(name)) for name in ("version", "start", "end"))
    if version is None or start is None or end is None:
        raise InvalidInput.of("passage", "This does not say where the words stood.")
    with transaction() as session:
        highlight, source = get_highlight(session, current_member(), ref)
        here = (highlight.start, highlight.end)
        take_out_of_place(
            session,
            actor=current_member(),
            highlight=highlight,
            source=source,
            text_version_id=version,
            place=(start, end),
        )
    if said_in_place():
        told, again = f"{highlight.ref} waits again.", url_for(".place", ref=highlight.ref)
        fields = {"start": str(here[0]), "end": str(here[1])}
        return changed(
            source, start=here[0], end=here[1], ref=highlight.ref, told=told, undo_href=again, undo_fields=fields
        )
    return redirect(url_for(".orphans"), code=303)
