"""A decision as a MADR 4 file that other tools read and our own importer takes back."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.decisions.access import visible_decisions
from insights.decisions.models import Decision, DecisionLink
from insights.decisions.operations import OPEN_STATUSES
from insights.exchange.decision_files import (
    DecisionDocument,
    EvidenceReference,
    OptionText,
    TextSection,
    write_madr,
)
from insights.exchange.decision_files.markdown_blocks import cut_at_headings, heading_line
from insights.exchange.told_by_file import ToldByFile
from insights.people.models import Member
from insights.synthesis.access import visible_insights
from insights.synthesis.models import Insight


def as_madr(session: Session, decision: Decision, member: Member) -> str:
    """The decision in MADR's own headings; `x-evidence` names the insights that the member may see.

    Headings and front matter that we did not understand on the way in are given back. What is declared instead of
    evidence stands under `x-basis`.
    """
    return write_madr(as_document(session, decision, member), _evidence(session, decision, member))


def as_document(session: Session, decision: Decision, member: Member) -> DecisionDocument:
    """The decision as the values of a file; words of the file it came from stand where they still hold."""
    told = ToldByFile.of(decision.custom)
    status_holds = told is not None and told.taken_as == decision.status.value
    return DecisionDocument(
        name=decision.source_name or f"{decision.ref}.md",
        format=told.format if told else "madr",
        number=told.number if told else str(decision.id),
        title=decision.title,
        status=told.status if told and status_holds else decision.status.value,
        status_text=told.status_text if told and status_holds else "",
        decided_on=decision.decided_on,
        date_text=told.date_text if told and _date_holds(decision) else "",
        decision_makers=tuple(decision.decision_makers),
        consulted=tuple(decision.consulted),
        informed=tuple(decision.informed),
        context=_placed(decision.context, 3),
        drivers=_placed(decision.drivers, 3),
        options=tuple(OptionText(each["title"], _placed(each.get("body", ""), 4)) for each in decision.options),
        outcome=_placed(decision.outcome, 3),
        consequences=_placed(decision.consequences, 4),
        confirmation=_placed(decision.confirmation, 4),
        more_information=_placed(decision.more_information, 3),
        supersedes=(told.supersedes if told else ()) or _predecessors(session, decision, member),
        superseded_by=(told.superseded_by if told else ()) or _successor(session, decision, member),
        other_sections=tuple(TextSection(heading, _placed(body, 3)) for heading, body in decision.other_sections),
        front_matter={**decision.front_matter, **_basis(decision)},
        sha256=decision.source_sha256,
    )


def _placed(text: str, floor: int) -> str:
    """The text with its headings moved down to `floor`, where they stand below the section that holds them."""
    first, *others = cut_at_headings(text)
    headings = [block.heading for block in others if block.heading]
    down = floor - min((heading.level for heading in headings), default=floor)
    if down <= 0:
        return text
    lines = [line.text for line in first.lines]
    for heading, block in zip(headings, others, strict=True):
        lines += [heading_line(heading.level + down, heading.text), *(line.text for line in block.lines)]
    return "\n".join(lines)


def _date_holds(decision: Decision) -> bool:
    """The words of a date are the file's; a decision that was open in its file got its day here."""
    return decision.legacy or decision.status in OPEN_STATUSES


def _predecessors(session: Session, decision: Decision, member: Member) -> tuple[str, ...]:
    """Those whose own file does not say so already."""
    older = select(Decision).where(Decision.superseded_by_id == decision.id, visible_decisions(member))
    return tuple(
        _reference(one)
        for one in session.scalars(older.order_by(Decision.id))
        if (told := ToldByFile.of(one.custom)) is None or not told.superseded_by
    )


def _successor(session: Session, decision: Decision, member: Member) -> tuple[str, ...]:
    newer = select(Decision).where(Decision.id == decision.superseded_by_id, visible_decisions(member))
    return tuple(_reference(one) for one in session.scalars(newer))


def _reference(decision: Decision) -> str:
    """As our importer follows it: the name of the file it came from, or its number."""
    return posixpath.basename(decision.source_name) or decision.ref


def _basis(decision: Decision) -> Mapping[str, str]:
    if decision.basis is None:
        return {}
    reason = {"x-basis-reason": decision.basis_reason} if decision.basis_reason else {}
    return {"x-basis": decision.basis.value, **reason}


def _evidence(session: Session, decision: Decision, member: Member) -> list[EvidenceReference]:
    rows = session.execute(
        select(DecisionLink, Insight)
        .join(Insight, Insight.id == DecisionLink.insight_id)
        .where(DecisionLink.decision_id == decision.id, visible_insights(member))
        .order_by(DecisionLink.id)
    )
    return [
        EvidenceReference(insight.ref, link.insight_version, link.type.value, link.fingerprint)
        for link, insight in rows
    ]
