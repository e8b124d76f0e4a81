"""What a list of quotes is narrowed by: a study, tags that each quote carries, who said it."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request
from sqlalchemy import ColumnElement

from insights.capture.models import Study
from insights.capture.queries import get_study
from insights.coding.codebook.coded_passages import carrying, said_by_people_with
from insights.coding.queries import TagRow, list_tags
from insights.coding.queries.tags import tag_in_use
from insights.core.errors import NotFound
from research_hub.db import reading
from research_hub.security import current_member
from research_hub.web.words import words


@dataclass(frozen=True, slots=True)
class QuoteFilter:
    """`attribute` is a name and a value of participants; `address` gives the same list again."""

    study: Study | None
    tags: tuple[TagRow, ...]
    overlapping: bool
    attribute: tuple[str, str] | None
    where: tuple[ColumnElement[bool], ...]

    @property
    def study_id(self) -> int | None:
        return None if self.study is None else self.study.id

    @property
    def title(self) -> str:
        return " and ".join(tag.path for tag in self.tags) or "Quotes"

    @property
    def lede(self) -> str:
        """What the list holds, in words."""
        if self.overlapping:
            parts = ["Quotes that carry one of the tags and overlap with one that carries the other"]
        else:
            parts = [self.tags[0].definition] if len(self.tags) == 1 and self.tags[0].definition else []
        if self.attribute is not None:
            parts.append(f"Said by people with {words(self.attribute[0])}: {self.attribute[1]}")
        if self.study is not None:
            parts.append(self.study.title)
        return "; ".join(parts) or ("" if self.tags else "Every highlighted passage, newest first.")

    @property
    def address(self) -> dict[str, object]:
        return {
            "study": None if self.study is None else self.study.ref,
            "tag": [tag.ref for tag in self.tags] or None,
            "overlap": "1" if self.overlapping else None,
            "attribute": None if self.attribute is None else ":".join(self.attribute),
        }


def read_quote_filter() -> QuoteFilter:
    """From the address: `study`, `tag` (several: all of them; with `overlap` two that overlap), `attribute=name:value`.

    A tag that was merged leads on. Raises NotFound for what the member may not see.
    """
    session, member = reading(), current_member()
    study = get_study(session, member, request.args["study"]) if request.args.get("study") else None
    tags = _tags(request.args.getlist("tag"))
    overlapping = bool(request.args.get("overlap")) and len(tags) == 2  # noqa: PLR2004 - a pair of tags
    name, colon, value = request.args.get("attribute", "").partition(":")
    attribute = (name, value) if colon else None
    where = carrying([tag.id for tag in tags], overlapping=overlapping)
    if attribute is not None:
        where.append(said_by_people_with(session, member, *attribute))
    return QuoteFilter(study, tags, overlapping, attribute, tuple(where))


def _tags(refs: list[str]) -> tuple[TagRow, ...]:
    refs = [ref.strip().upper() for ref in refs if ref.strip()]
    if not refs:
        return ()
    rows = {row.id: row for row in list_tags(reading(), current_member())}
    by_ref = {row.ref: row for row in rows.values()}
    missing = next((ref for ref in refs if ref not in by_ref), None)
    if missing is not None:
        raise NotFound(missing)
    return tuple(dict.fromkeys(tag_in_use(rows, by_ref[ref]) for ref in refs))
