"""Decisions as search documents, by their own text alone: why an insight was linked is about the insight."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.core.text import plain_words
from insights.decisions.models import Change, Decision, DecisionStatus
from insights.people.models import Component, Member, Service, Team
from search_index.documents import SearchDocument
from search_index.projection.audience import DECISION_DRAFTS
from search_index.projection.facets import facets_of, words


def decision_documents(session: Session, ids: Sequence[int]) -> Iterator[SearchDocument]:
    changes = _changes_of(session, ids)
    rows = session.execute(
        select(Decision, Service.name, Service.phase, Component.name, Team.name, Member.name)
        .join(Team, Team.id == Decision.team_id)
        .outerjoin(Service, Service.id == Decision.service_id)
        .outerjoin(Component, Component.id == Decision.component_id)
        .outerjoin(Member, Member.id == Decision.owner_id)
        .where(Decision.id.in_(ids))
    )
    for decision, service, service_phase, component, team, owner in rows:
        yield SearchDocument(
            key=decision.ref,
            kind="decision",
            title=decision.title,
            body=plain_words("\n\n".join([*_sections(decision), *changes.get(decision.id, ())])),
            date=decision.decided_on,
            version=decision.row_version,
            audience=frozenset({DECISION_DRAFTS}) if decision.status is DecisionStatus.DRAFT else frozenset(),
            facets=facets_of(
                decision.decided_on,
                service=service,
                component=component,
                phase=words(decision.phase or service_phase),
                status=words(decision.status),
                delivery=words(decision.delivery_state),
                basis=words(decision.basis),
                author=owner,
                team=team,
            ),
        )


def _sections(decision: Decision) -> Iterator[str]:
    yield decision.context
    yield decision.drivers
    for option in decision.options:
        yield f"{option.get('title', '')}\n\n{option.get('body', '')}"
    yield decision.outcome
    yield decision.consequences
    yield decision.confirmation
    yield decision.more_information
    for heading, body in decision.other_sections:
        yield f"{heading}\n\n{body}"


def _changes_of(session: Session, ids: Sequence[int]) -> dict[int, list[str]]:
    rows = session.execute(
        select(Change.decision_id, Change.before, Change.after).where(Change.decision_id.in_(ids)).order_by(Change.id)
    )
    changes: dict[int, list[str]] = {}
    for decision_id, before, after in rows:
        changes.setdefault(decision_id, []).extend([before, after])
    return changes
