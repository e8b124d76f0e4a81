from __future__ import annotations

from collections.abc import Mapping

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from insights.capture.models import TextVersion
from insights.capture.queries import get_source, ref_to_open
from insights.coding.codebook.acts import Watch, remember_act
from insights.coding.models import CodingAct, Highlight
from insights.coding.operations import edit_highlight as change_highlight
from insights.coding.operations import highlight_passage, set_highlight_dropped
from insights.coding.passages import find_passage
from insights.coding.personal_data.fields import look_through_observation
from insights.coding.queries import get_highlight, highlights_by_ids, tags_to_offer
from insights.core.access import Permission
from insights.core.errors import InvalidInput
from insights.synthesis.queries import insights_citing
from research_hub.db import reading, transaction
from research_hub.errors import shows_errors_on
from research_hub.security import current_member, requires
from research_hub.web.coding.acts import say_coded
from research_hub.web.coding.blueprint import bp
from research_hub.web.coding.forms import HighlightForm
from research_hub.web.forms import number_or_none, read_form
from research_hub.web.messages import say_done
from research_hub.web.reader import changed, said_in_place
from research_hub.web.words import link_to


@bp.post("/sources/<ref>/highlights")
@requires(Permission.CODE)
@shows_errors_on("capture.show_source")
def create_highlight(ref: str) -> ResponseReturnValue:
    sent = request.form
    with transaction() as session:
        source, _study = get_source(session, current_member(), ref)
        version = session.get(TextVersion, source.current_version_id or 0)
        start, end = chosen_passage(version.text if version is not None else "")
        highlight = highlight_passage(
            session,
            actor=current_member(),
            source=source,
            start=start,
            end=end,
            tags=sent.get("tags", "").split(","),
            observation=sent.get("observation", ""),
            polarity=judgement(sent.get("polarity")),
            severity=judgement(sent.get("severity")),
            text_version_id=number_or_none(sent.get("text_version_id")),
        )
        look_through_observation(session, actor=current_member(), highlight=highlight, source=source)
        watch = Watch(session)
        watch.keep_new(highlight)
        _remember(session, highlight, "stored", watch)
    told, undo = f"{highlight.ref} stored.", url_for(".drop", ref=highlight.ref)
    if said_in_place():
        return changed(source, start=highlight.start, end=highlight.end, ref=highlight.ref, told=told, undo_href=undo)
    say_done(told, undo_href=undo)
    return redirect(url_for(".show_highlight", ref=highlight.ref), code=303)


@bp.get("/highlights/<ref>")
@requires(Permission.READ)
def show_highlight(ref: str) -> ResponseReturnValue:
    """The address of a quote: its session, opened in place; for one that lost its place, where it waits."""
    highlight, source = get_highlight(reading(), current_member(), ref)
    opened = ref_to_open(reading(), source.id, source.research_session_id)
    place = highlight.ref if highlight.text_version_id == source.current_version_id else "orphans"
    return redirect(f"{link_to(opened)}#{place}", code=303)


@bp.get("/highlights/<ref>/edit")
@requires(Permission.CODE)
def edit_highlight(ref: str) -> ResponseReturnValue:
    session, member = reading(), current_member()
    highlight, source = get_highlight(session, member, ref)
    # The words of a text that waits are shown to the people of its study alone.
    get_source(session, member, source.ref)
    rows = highlights_by_ids(session, member, [highlight.id])
    form = HighlightForm(data=_fields(", ".join(rows[0].tags) if rows else "", highlight))
    return render_template(
        "coding/highlight_form.html",
        form=form,
        row=rows[0] if rows else None,
        highlight=highlight,
        citing=insights_citing(session, member, [highlight.id]).get(highlight.id, []),
        tags=tags_to_offer(session, member, highlight.study_id),
    )


@bp.post("/highlights/<ref>")
@requires(Permission.CODE)
@shows_errors_on(".edit_highlight")
def update_highlight(ref: str) -> ResponseReturnValue:
    values = read_form(HighlightForm())
    with transaction() as session:
        highlight, source = get_highlight(session, current_member(), ref)
        row = highlights_by_ids(session, current_member(), [highlight.id])[0]
        before = _fields(", ".join(row.tags), highlight)
        watch = _watched(session, highlight)
        change_highlight(
            session,
            actor=current_member(),
            highlight=highlight,
            tags=values["tags"].split(","),
            observation=values["observation"],
            polarity=judgement(values["polarity"]),
            severity=judgement(values["severity"]),
        )
        look_through_observation(
            session, actor=current_member(), highlight=highlight, source=source, may_stand=values["may_stand"]
        )
        act = _remember(session, highlight, "edited", watch)
    if said_in_place():
        return changed(
            source,
            start=highlight.start,
            end=highlight.end,
            ref=highlight.ref,
            told=f"{highlight.ref} saved.",
            undo_href=url_for(".update_highlight", ref=highlight.ref),
            undo_fields=before,
        )
    say_coded("Highlight saved.", act)
    return redirect(url_for(".show_highlight", ref=ref), code=303)


@bp.post("/highlights/<ref>/drop")
@requires(Permission.CODE)
@shows_errors_on(".edit_highlight")
def drop(ref: str) -> ResponseReturnValue:
    with transaction() as session:
        highlight, source = get_highlight(session, current_member(), ref)
        watch = _watched(session, highlight)
        set_highlight_dropped(session, actor=current_member(), highlight=highlight, dropped=True)
        _remember(session, highlight, "taken away", watch)
    told, undo = f"{highlight.ref} taken away.", url_for(".restore", ref=highlight.ref)
    if said_in_place():
        return changed(source, start=highlight.start, end=highlight.end, ref=highlight.ref, told=told, undo_href=undo)
    say_done(told, undo_href=undo)
    if request.form.get("back") == "orphans":
        return redirect(url_for(".orphans"), code=303)
    return redirect(url_for("capture.show_source", ref=source.ref), code=303)


@bp.post("/highlights/<ref>/restore")
@requires(Permission.CODE)
@shows_errors_on(".edit_highlight")
def restore(ref: str) -> ResponseReturnValue:
    with transaction() as session:
        highlight, source = get_highlight(session, current_member(), ref)
        watch = _watched(session, highlight)
        set_highlight_dropped(session, actor=current_member(), highlight=highlight, dropped=False)
        _remember(session, highlight, "brought back", watch)
    told, undo = f"{highlight.ref} is back.", url_for(".drop", ref=highlight.ref)
    if said_in_place():
        return changed(source, start=highlight.start, end=highlight.end, ref=highlight.ref, told=told, undo_href=undo)
    flash(told, "success")
    return redirect(url_for(".show_highlight", ref=ref), code=303)


def _watched(session: Session, highlight: Highlight) -> Watch:
    watch = Watch(session)
    watch.keep(highlight, links=True)
    return watch


def _remember(session: Session, highlight: Highlight, done: str, watch: Watch) -> CodingAct | None:
    return remember_act(
        session,
        actor=current_member(),
        label=f"{highlight.ref} {done}",
        subject_ref=highlight.ref,
        inverse=watch.inverse(),
    )


def chosen_passage(text: str) -> tuple[int, int]:
    """The passage that was selected, or the place of the words that were typed."""
    start, end = number_or_none(request.form.get("start")), number_or_none(request.form.get("end"))
    if start is not None and end is not None:
        return start, end
    paragraph = request.form.get("paragraph", "").strip()
    if paragraph and number_or_none(paragraph) is None:
        raise InvalidInput.of("paragraph", "Enter the paragraph’s number as it stands beside the text.")
    return find_passage(text, request.form.get("words", ""), paragraph=number_or_none(paragraph))


def judgement(value: str | None) -> int | None:
    """A number that was chosen from a short list; the domain says which there are."""
    return int(value) if value and value.removeprefix("-").isdecimal() and len(value) < 3 else None  # noqa: PLR2004


def _fields(tags: str, highlight: Highlight) -> Mapping[str, str]:
    """What the form of a highlight sends; posted again, it undoes what was changed since."""
    return {
        "tags": tags,
        "observation": highlight.observation,
        "polarity": "" if highlight.polarity is None else str(highlight.polarity),
        "severity": "" if highlight.severity is None else str(highlight.severity),
    }
