"""The register of services and the components they are built from (features.md G11)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from insights.core.activity import add, record, touch
from insights.core.checks import optional_line, term_of, text_of
from insights.core.clock import today
from insights.core.concurrency import refuse_stale
from insights.core.errors import InvalidInput
from insights.people.models import (
    Component,
    ComponentKind,
    Member,
    Phase,
    Service,
    Team,
    service_components,
)
from insights.people.operations.areas import require_same_area
from insights.people.operations.names import unused_name

CHANGE_NOTED = "noted a change of"


def create_service(
    session: Session,
    *,
    actor: Member | None,
    name: str,
    team: Team,
    phase: str | Phase = Phase.DISCOVERY,
    description: str = "",
    senior_responsible_owner: str = "",
) -> Service:
    require_same_area(session, actor, team.id)
    service = Service(
        name=unused_name(session, Service, name, label="a name for the service"),
        description=text_of("description", description, label="the description", longest=5_000),
        phase=term_of("phase", Phase, phase, label="a phase"),
        team_id=team.id,
        senior_responsible_owner=optional_line(
            "senior_responsible_owner", senior_responsible_owner, label="the owner's name", longest=200
        ),
    )
    add(session, actor, service)
    record(session, actor, "created", service)
    return service


def edit_service(
    session: Session,
    *,
    actor: Member,
    service: Service,
    name: str,
    phase: str | Phase,
    description: str,
    senior_responsible_owner: str,
    assessed_on: date | None,
    row_version: int | None = None,
) -> None:
    """Raises StaleRecord when somebody else changed the service meanwhile."""
    require_same_area(session, actor, service.team_id)
    values = {
        "name": unused_name(session, Service, name, label="a name for the service", but=service.id),
        "description": text_of("description", description, label="the description", longest=5_000),
        "phase": term_of("phase", Phase, phase, label="a phase"),
        "senior_responsible_owner": optional_line(
            "senior_responsible_owner", senior_responsible_owner, label="the owner's name", longest=200
        ),
        "assessed_on": assessed_on,
    }
    refuse_stale(service, row_version, values)
    _store(session, actor, service, values)


def create_component(
    session: Session,
    *,
    actor: Member | None,
    name: str,
    kind: str | ComponentKind,
    version: str = "",
    url: str = "",
    services: Sequence[Service] = (),
) -> Component:
    component = Component(
        name=unused_name(session, Component, name, label="a name for the component"),
        kind=term_of("kind", ComponentKind, kind, label="a kind"),
        version=optional_line("version", version, label="the version", longest=60),
        url=web_address("url", url),
        changed_on=None,
    )
    add(session, actor, component)
    if services:
        pairs = [{"service_id": service.id, "component_id": component.id} for service in services]
        session.execute(insert(service_components), pairs)
    record(session, actor, "created", component)
    return component


def edit_component(
    session: Session,
    *,
    actor: Member,
    component: Component,
    name: str,
    kind: str | ComponentKind,
    url: str,
    row_version: int | None = None,
) -> None:
    """Raises StaleRecord when somebody else changed the component meanwhile."""
    values = {
        "name": unused_name(session, Component, name, label="a name for the component", but=component.id),
        "kind": term_of("kind", ComponentKind, kind, label="a kind"),
        "url": web_address("url", url),
    }
    refuse_stale(component, row_version, values)
    _store(session, actor, component, values)


def set_component_services(
    session: Session, *, actor: Member, component: Component, services: Sequence[Service]
) -> None:
    session.execute(delete(service_components).where(service_components.c.component_id == component.id))
    if services:
        pairs = [{"service_id": service.id, "component_id": component.id} for service in services]
        session.execute(insert(service_components), pairs)
    touch(session, actor, component)
    record(session, actor, "changed", component)


def report_component_change(
    session: Session, *, actor: Member, component: Component, version: str, on: date | None = None, what: str = ""
) -> None:
    """A changed component ages every insight about it, usability findings at once (beyond.md 7).

    `on` is the day of the change, today where it is left out. An older day is kept in the record of changes and moves
    nothing back.
    """
    day, first = on or today(session), date(1900, 1, 1)
    if day > today(session) or day < first:
        raise InvalidInput.of("on", f"{day.isoformat()} is in the future or before 1900. Enter the day of the change.")
    told = text_of("what", what, label="what changed", longest=2_000)
    new = optional_line("version", version, label="the version", longest=60)
    if component.changed_on is None or day >= component.changed_on:
        component.version = new or component.version
        component.changed_on = day
    touch(session, actor, component)
    detail = {"on": day.isoformat(), "version": new, "what": told}
    record(session, actor, CHANGE_NOTED, component, detail=detail)


def web_address(field: str, value: str) -> str:
    """An address that may stand in a link: http or https, or nothing."""
    address = optional_line(field, value, label="the address", longest=2_000)
    if address and not re.match(r"https?://[^\s/]", address, re.IGNORECASE):
        raise InvalidInput.of(field, "Enter an address that begins with https:// or http://.")
    return address


def _store(session: Session, actor: Member, subject: Service | Component, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(subject, name, value)
    touch(session, actor, subject)
    record(session, actor, "changed", subject)
