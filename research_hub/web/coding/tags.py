"""The codebook as one reads it: the tree, a study's own, and a tag with all that belongs to it."""

from __future__ import annotations

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from insights.capture.models import Study
from insights.capture.queries import get_study
from insights.coding.codebook.queries import codebook_of, history_of, read_tag, searched_words
from insights.coding.memos import memos_on
from insights.coding.queries import TagRow, list_highlights
from insights.core.access import Permission
from insights.synthesis.boards import list_themes
from research_hub.db import reading
from research_hub.security import current_member, requires
from research_hub.web.coding.blueprint import bp
from research_hub.web.exports import as_file, table_of

_COLUMNS = (
    "Ref",
    "Tag",
    "Codebook",
    "Definition",
    "Use when",
    "Do not use when",
    "Example",
    "Synonyms",
    "Status",
    "Quotes",
    "Quotes with tags within",
)


@bp.get("/tags")
@requires(Permission.READ)
def tags() -> ResponseReturnValue:
    return _page(None)


@bp.get("/tags.<extension>")
@requires(Permission.READ)
def export_tags(extension: str) -> ResponseReturnValue:
    return _file(extension, codebook_of(reading(), current_member(), words=request.args.get("q", "")))


@bp.get("/studies/<ref>/codebook")
@requires(Permission.READ)
def study_codebook(ref: str) -> ResponseReturnValue:
    return _page(get_study(reading(), current_member(), ref))


@bp.get("/studies/<ref>/codebook.<extension>")
@requires(Permission.READ)
def export_study_codebook(ref: str, extension: str) -> ResponseReturnValue:
    session, member = reading(), current_member()
    study = get_study(session, member, ref)
    return _file(extension, codebook_of(session, member, study_id=study.id, words=request.args.get("q", "")))


@bp.get("/tags/<ref>")
@requires(Permission.READ)
def show_tag(ref: str) -> ResponseReturnValue:
    """A tag that was merged leads on to where it went; `stay` opens the tag itself."""
    session, member = reading(), current_member()
    page = read_tag(session, member, ref)
    if page.leads_to is not None and not request.args.get("stay"):
        return redirect(url_for(".show_tag", ref=page.leads_to.ref, merged=page.row.ref), code=303)
    study = None if page.row.study_id is None else session.get(Study, page.row.study_id)
    return render_template(
        "coding/codebook_tag.html",
        page=page,
        tag=page.row,
        study=study,
        quotes=list_highlights(session, member, tag_id=page.row.id, limit=5),
        history=history_of(session, page.row.ref),
        memos=memos_on(session, member, [page.row.ref]),
        themes=list_themes(session, member, tag_id=page.row.id),
        came_from=next((row for row in page.merged_here if row.ref == request.args.get("merged")), None),
    )


def _page(study: Study | None) -> ResponseReturnValue:
    words = request.args.get("q", "")
    rows = codebook_of(reading(), current_member(), study_id=None if study is None else study.id, words=words)
    children: dict[int | None, list[TagRow]] = {}
    for row in rows:
        children.setdefault(row.parent_id, []).append(row)
    return render_template(
        "coding/tags.html",
        rows=rows,
        children=children,
        study=study,
        words_sought=words,
        searched_words=searched_words,
    )


def _file(extension: str, rows: list[TagRow]) -> Response:
    return as_file(extension, table_of("Codebook", _COLUMNS, [_cells(row) for row in rows]))


def _cells(row: TagRow) -> tuple[str | int, ...]:
    return (
        row.ref,
        row.path,
        "organisation" if row.study_id is None else f"STU-{row.study_id}",
        row.definition,
        row.use_when,
        row.do_not_use_when,
        row.example,
        ", ".join(row.synonyms),
        row.status,
        row.highlights,
        row.highlights_within,
    )
