"""Tags beside tags and beside kinds of people; each cell opens its quotes."""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template, request
from flask.typing import ResponseReturnValue

from insights.capture.models import Study
from insights.capture.queries import get_study
from insights.coding.codebook.coded_passages import GROUP, coded_passages, people_heard
from insights.coding.codebook.queries import codebook_of
from insights.coding.queries import TagRow, list_tags
from insights.core.access import Permission
from insights.reports.co_occurrence import (
    MOST_TAGS,
    CoOccurrence,
    TagsByAttribute,
    attribute_names,
    most_used,
    tags_by_attribute,
)
from insights.reports.co_occurrence import co_occurrence as count_together
from research_hub.db import reading
from research_hub.security import current_member, requires
from research_hub.web.coding.blueprint import bp
from research_hub.web.exports import as_file

MOST_CHOSEN = 60


@dataclass(frozen=True, slots=True)
class _Report:
    """`chosen` are the tags that were asked for, none for the most used; `address` is what keeps the view."""

    study: Study | None
    offered: tuple[TagRow, ...]
    chosen: frozenset[str]
    names: tuple[str, ...]
    together: CoOccurrence
    by_people: TagsByAttribute

    @property
    def address(self) -> dict[str, object]:
        kept = {"overlap": "1" if self.together.overlapping else None, "attribute": request.args.get("attribute")}
        study = None if self.study is None else self.study.ref
        return {"study": study, "tag": sorted(self.chosen) or None, **kept}


@bp.get("/reports/co-occurrence")
@requires(Permission.READ)
def co_occurrence() -> ResponseReturnValue:
    return render_template("coding/co_occurrence.html", report=_report(), most=MOST_TAGS)


@bp.get("/reports/co-occurrence.<extension>")
@requires(Permission.READ)
def export_co_occurrence(extension: str) -> ResponseReturnValue:
    """Both tables as sheets; as CSV the one that `table` names."""
    report = _report()
    tables = [report.together.as_table(), report.by_people.as_table()]
    return as_file(extension, *(reversed(tables) if request.args.get("table") == "people" else tables))


def _report() -> _Report:
    session, member = reading(), current_member()
    study = get_study(session, member, request.args["study"]) if request.args.get("study") else None
    study_id = None if study is None else study.id
    passages = coded_passages(session, member, study_id=study_id)
    people = people_heard(session, member, study_id=study_id)
    carried = {tag_id for passage in passages for tag_id in passage.tag_ids}
    offered = [row for row in _tags(study_id) if row.id in carried]
    chosen = frozenset(request.args.getlist("tag")) & {row.ref for row in offered}
    shown = [row for row in offered if row.ref in chosen][:MOST_CHOSEN] or most_used(passages, offered)
    names = attribute_names(people)
    wanted = request.args.get("attribute", "")
    attribute = wanted if wanted in names else names[0] if names else GROUP
    return _Report(
        study=study,
        offered=tuple(offered),
        chosen=chosen,
        names=tuple(names),
        together=count_together(passages, shown, overlapping=bool(request.args.get("overlap"))),
        by_people=tags_by_attribute(passages, people, shown, attribute),
    )


def _tags(study_id: int | None) -> list[TagRow]:
    """Tags of every codebook that the member sees; in a study the organisation's and its own."""
    session, member = reading(), current_member()
    if study_id is not None:
        return codebook_of(session, member, study_id=study_id)
    return list_tags(session, member)
