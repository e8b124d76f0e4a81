"""What our own packages tell beside the project: sessions, details of tags, quotes of themes, and insights."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy import insert
from sqlalchemy.orm import Session

from insights.capture.models import Method, ResearchSession, SessionStatus, session_participants
from insights.coding.models import Highlight, Tag, TagStatus
from insights.core.activity import record
from insights.core.checks import clean
from insights.core.clock import today
from insights.core.errors import DomainError
from insights.exchange.qda.incoming import Incoming
from insights.exchange.qda.rows import add_many
from insights.exchange.qda.side_file import Side, number_in, text_in, texts_in
from insights.synthesis.models import Insight, InsightKind, InsightType, Relation, theme_highlights
from insights.synthesis.operations import attach_external_source, attach_highlight, write_insight

Term = TypeVar("Term", bound=StrEnum)
_LONGEST_TEXT = 200_000
_LONGEST_PLAYED = 100_000
# What a session can be that comes in with its notes; a withdrawn one does not leave in the first place.
_STATUSES = {SessionStatus.SCHEDULED, SessionStatus.HELD, SessionStatus.WRITTEN_UP, SessionStatus.CODED}


def term_in(line: Mapping[str, Any], name: str, kind: type[Term]) -> Term | None:
    value = line.get(name)
    return kind(value) if value in [term.value for term in kind] else None


def day_in(line: Mapping[str, Any], name: str) -> date | None:
    try:
        return date.fromisoformat(text_in(line, name, 10))
    except ValueError:
        return None


def store_sessions(incoming: Incoming, participants: Mapping[str, int]) -> dict[str, int]:
    """Ids of research sessions by the UUID that the side file gives them."""
    session, study = incoming.session, incoming.study
    lines = [line for line in incoming.side.all("session") if day_in(line, "held_on") is not None]
    uuids = incoming.identities.choose(ResearchSession, [line["uuid"] for line in lines])
    rows = []
    for line, uuid in zip(lines, uuids, strict=True):
        status = term_in(line, "status", SessionStatus)
        rows.append(
            {
                "uuid": uuid,
                "study_id": study.id,
                "title": " ".join(clean(text_in(line, "title", 500)).split()),
                "held_on": day_in(line, "held_on"),
                "method": term_in(line, "method", Method) or Method.OTHER,
                "moderator": text_in(line, "moderator", 200),
                "observers": text_in(line, "observers", 500),
                "channel": text_in(line, "channel", 60),
                "minutes": number_in(line, "minutes"),
                "status": status if status in _STATUSES else SessionStatus.WRITTEN_UP,
            }
        )
    ids = add_many(session, incoming.actor, ResearchSession, rows)
    pairs = [
        {"research_session_id": held, "participant_id": participants[guid]}
        for line, held in zip(lines, ids, strict=True)
        for guid in dict.fromkeys(texts_in(line, "participants"))
        if guid in participants
    ]
    if pairs:
        session.execute(insert(session_participants), pairs)
    for held in ids:
        record(session, incoming.actor, "imported", session.get_one(ResearchSession, held), touches=[study.ref])
    return {line["uuid"]: held for line, held in zip(lines, ids, strict=True)}


def store_tag_details(session: Session, side: Side, tags: Mapping[str, int]) -> None:
    """When to use a tag and when not; only where the tag says nothing of it yet."""
    for guid, line in side.by_uuid("tag").items():
        if guid not in tags:
            continue
        tag = session.get_one(Tag, tags[guid])
        for name in ("use_when", "do_not_use_when", "example"):
            if not getattr(tag, name):
                setattr(tag, name, clean(text_in(line, name, _LONGEST_TEXT)))
        if not tag.synonyms:
            tag.synonyms = [clean(each)[:120] for each in texts_in(line, "synonyms")][:100]
        if term_in(line, "status", TagStatus) is TagStatus.RETIRED and tag.uuid == guid:
            tag.status = TagStatus.RETIRED
    session.flush()


def store_theme_quotes(session: Session, side: Side, themes: Mapping[str, int], highlights: Mapping[str, int]) -> None:
    """A set has no members that are passages, so the side file tells them."""
    pairs = {
        (themes[guid], highlights[each])
        for guid, line in side.by_uuid("theme").items()
        if guid in themes
        for each in texts_in(line, "highlights")
        if each in highlights
    }
    if pairs:
        rows = [{"theme_id": theme, "highlight_id": highlight} for theme, highlight in sorted(pairs)]
        session.execute(insert(theme_highlights), rows)


def store_insights(incoming: Incoming, highlights: Mapping[str, int]) -> dict[str, int]:
    """Insights come in as drafts: whether they are published is judged anew where they are read.

    What they were, and the decisions they were linked to, is kept with the project.
    """
    session, actor = incoming.session, incoming.actor
    stored: dict[str, int] = {}
    for line in incoming.side.all("insight"):
        claim = " ".join(clean(text_in(line, "claim", 500)).split())
        if not claim or line["uuid"] in stored:
            continue
        insight = write_insight(
            session,
            actor=actor,
            claim=claim,
            body=text_in(line, "body", _LONGEST_TEXT),
            type_=term_in(line, "insight_type", InsightType) or InsightType.ACTIONABLE,
            kind=term_in(line, "kind", InsightKind) or InsightKind.USABILITY,
        )
        insight.uuid = incoming.identities.choose(Insight, [line["uuid"]])[0]
        stored[line["uuid"]] = insight.id
        _attach_evidence(incoming, insight, line, highlights)
    session.flush()
    return stored


def _attach_evidence(
    incoming: Incoming, insight: Insight, line: Mapping[str, Any], highlights: Mapping[str, int]
) -> None:
    session, actor = incoming.session, incoming.actor
    evidence = line.get("evidence")
    for each in evidence if isinstance(evidence, list) else []:
        if not isinstance(each, dict):
            continue
        relation = term_in(each, "relation", Relation) or Relation.SUPPORTS
        note = text_in(each, "note", 2_000)
        guid, title = text_in(each, "highlight", 36), text_in(each, "title", 500)
        try:
            if guid in highlights:
                highlight = session.get_one(Highlight, highlights[guid])
                attach_highlight(
                    session, actor=actor, insight=insight, highlight=highlight, relation=relation, note=note
                )
            elif title:
                attach_external_source(
                    session,
                    actor=actor,
                    insight=insight,
                    title=title,
                    url=text_in(each, "url", 2_000),
                    relation=relation,
                    note=note,
                    dated_on=day_in(each, "dated_on") or today(session),
                )
        except DomainError:
            # Evidence that may not be attached here stays in what is kept of the insight.
            continue
