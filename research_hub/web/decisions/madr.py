"""A decision as the MADR writer takes it."""

from __future__ import annotations

from collections.abc import Iterable

from insights.decisions.queries import ChainStep, DecisionHead, LinkedInsight
from insights.exchange.decision_files import (
    DecisionDocument,
    EvidenceReference,
    FrontMatterValue,
    OptionText,
    TextSection,
)


def as_document(head: DecisionHead, chain: Iterable[ChainStep]) -> DecisionDocument:
    """Unknown front matter of an imported file goes out as it came in; a declared basis stands under `x-basis`."""
    decision = head.record
    basis: dict[str, FrontMatterValue] = {}
    if decision.basis is not None:
        basis["x-basis"] = {"kind": decision.basis.value, "reason": decision.basis_reason}
    older = tuple(step.ref for step in chain if step.superseded_by == decision.ref)
    return DecisionDocument(
        name=f"{decision.ref}.md",
        format="madr",
        number=str(decision.id),
        title=decision.title,
        status=decision.status.value,
        status_text="",
        decided_on=decision.decided_on,
        date_text="",
        decision_makers=tuple(decision.decision_makers),
        consulted=tuple(decision.consulted),
        informed=tuple(decision.informed),
        context=decision.context,
        drivers=decision.drivers,
        options=tuple(OptionText(each["title"], each.get("body", "")) for each in decision.options),
        outcome=decision.outcome,
        consequences=decision.consequences,
        confirmation=decision.confirmation,
        more_information=decision.more_information,
        supersedes=older,
        superseded_by=(head.row.superseded_by,) if head.row.superseded_by else (),
        other_sections=tuple(TextSection(heading, body) for heading, body in decision.other_sections),
        front_matter={**decision.front_matter, **basis},
    )


def evidence_references(links: Iterable[LinkedInsight]) -> list[EvidenceReference]:
    return [EvidenceReference(each.ref, each.pinned_version, each.type, each.fingerprint) for each in links]
