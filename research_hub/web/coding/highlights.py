from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from insights.capture.models import TextVersion
from insights.capture.queries import get_source, get_study
from insights.coding.operations import edit_highlight as change_highlight
from insights.coding.operations import highlight_passage, set_highlight_dropped
from insights.coding.passages import find_passage
from insights.coding.queries import get_highlight, get_tag, highlights_by_ids, list_highlights, tag_names
from insights.core.access import Permission
from insights.core.errors import InvalidInput
from insights.synthesis.queries import insights_citing
from research_hub.db import reading, transaction
from research_hub.errors import shows_errors_on
from research_hub.security import current_member, requires
from research_hub.web.coding.blueprint import bp
from research_hub.web.coding.forms import HighlightForm
from research_hub.web.exports import as_file, table_of
from research_hub.web.forms import number_or_none, read_form
from research_hub.web.messages import say_done
from research_hub.web.words import link_to

PAGE = 40


@bp.post("/sources/<ref>/highlights")
@requires(Permission.CODE)
@shows_errors_on("capture.show_source")
def create_highlight(ref: str) -> ResponseReturnValue:
    sent = request.form
    with transaction() as session:
        source, _study = get_source(session, current_member(), ref)
        version = session.get(TextVersion, source.current_version_id or 0)
        start, end = _chosen(version.text if version is not None else "")
        highlight = highlight_passage(
            session,
            actor=current_member(),
            source=source,
            start=start,
            end=end,
            tags=sent.get("tags", "").split(","),
            observation=sent.get("observation", ""),
            text_version_id=number_or_none(sent.get("text_version_id")),
        )
    say_done(f"{highlight.ref} stored.", undo_href=url_for(".drop", ref=highlight.ref))
    return redirect(url_for(".show_highlight", ref=highlight.ref), code=303)


@bp.get("/highlights/<ref>")
@requires(Permission.READ)
def show_highlight(ref: str) -> ResponseReturnValue:
    """The address of a quote: its session, opened in place."""
    highlight, source = get_highlight(reading(), current_member(), ref)
    session_ref = source.ref if source.research_session_id is None else f"SES-{source.research_session_id}"
    return redirect(f"{link_to(session_ref)}#{highlight.ref}", code=303)


@bp.get("/highlights/<ref>/edit")
@requires(Permission.CODE)
def edit_highlight(ref: str) -> ResponseReturnValue:
    session, member = reading(), current_member()
    highlight, _source = get_highlight(session, member, ref)
    rows = highlights_by_ids(session, member, [highlight.id])
    form = HighlightForm(
        data={
            "tags": ", ".join(rows[0].tags) if rows else "",
            "observation": highlight.observation,
            "polarity": "" if highlight.polarity is None else str(highlight.polarity),
        }
    )
    return render_template(
        "coding/highlight_form.html",
        form=form,
        row=rows[0] if rows else None,
        highlight=highlight,
        citing=insights_citing(session, member, [highlight.id]).get(highlight.id, []),
        tags=tag_names(session, member),
    )


@bp.post("/highlights/<ref>")
@requires(Permission.CODE)
@shows_errors_on(".edit_highlight")
def update_highlight(ref: str) -> ResponseReturnValue:
    values = read_form(HighlightForm())
    with transaction() as session:
        highlight, _source = get_highlight(session, current_member(), ref)
        change_highlight(
            session,
            actor=current_member(),
            highlight=highlight,
            tags=values["tags"].split(","),
            observation=values["observation"],
            polarity=int(values["polarity"]) if values["polarity"] else None,
        )
    flash("Highlight saved.", "success")
    return redirect(url_for(".show_highlight", ref=ref), code=303)


@bp.post("/highlights/<ref>/drop")
@requires(Permission.CODE)
@shows_errors_on(".edit_highlight")
def drop(ref: str) -> ResponseReturnValue:
    with transaction() as session:
        highlight, source = get_highlight(session, current_member(), ref)
        set_highlight_dropped(session, actor=current_member(), highlight=highlight, dropped=True)
    say_done(f"{ref} taken away.", undo_href=url_for(".restore", ref=ref))
    return redirect(url_for("capture.show_source", ref=source.ref), code=303)


@bp.post("/highlights/<ref>/restore")
@requires(Permission.CODE)
@shows_errors_on(".edit_highlight")
def restore(ref: str) -> ResponseReturnValue:
    with transaction() as session:
        highlight, _source = get_highlight(session, current_member(), ref)
        set_highlight_dropped(session, actor=current_member(), highlight=highlight, dropped=False)
    flash(f"{ref} is back.", "success")
    return redirect(url_for(".show_highlight", ref=ref), code=303)


@bp.get("/highlights")
@requires(Permission.READ)
def highlights() -> ResponseReturnValue:
    session, member = reading(), current_member()
    study = get_study(session, member, request.args["study"]) if request.args.get("study") else None
    tag = get_tag(session, member, request.args["tag"]) if request.args.get("tag") else None
    rows = list_highlights(
        session,
        member,
        tag_id=None if tag is None else tag.id,
        study_id=None if study is None else study.id,
        before_id=number_or_none(request.args.get("before")),
        limit=PAGE + 1,
    )
    citing = insights_citing(session, member, [row.id for row in rows])
    return render_template(
        "coding/highlights.html", rows=rows[:PAGE], more=len(rows) > PAGE, citing=citing, study=study, tag=tag
    )


@bp.get("/highlights.<extension>")
@requires(Permission.READ)
def export_highlights(extension: str) -> ResponseReturnValue:
    rows = list_highlights(reading(), current_member(), limit=None)
    columns = ("Ref", "Quote", "Tags", "Observation", "Source", "Study", "Study title", "Method", "Said on")
    return as_file(
        extension,
        table_of(
            "Quotes",
            columns,
            [
                (
                    r.ref,
                    r.exact,
                    ", ".join(r.tags),
                    r.observation,
                    r.source_ref,
                    r.study_ref,
                    r.study,
                    r.method,
                    r.said_on,
                )
                for r in rows
            ],
        ),
    )


def _chosen(text: str) -> tuple[int, int]:
    """The passage that was selected, or the place of the words that were typed."""
    start, end = number_or_none(request.form.get("start")), number_or_none(request.form.get("end"))
    if start is not None and end is not None:
        return start, end
    paragraph = request.form.get("paragraph", "").strip()
    if paragraph and number_or_none(paragraph) is None:
        raise InvalidInput.of("paragraph", "Enter the paragraph’s number as it stands beside the text.")
    return find_passage(text, request.form.get("words", ""), paragraph=number_or_none(paragraph))
