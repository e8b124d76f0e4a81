"""From what a form says to what the operations take."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from insights.decisions.models import Decision
from insights.decisions.operations import DecisionText
from insights.people.models import Component, Service
from insights.people.queries import component_choices, service_choices
from research_hub.web.decisions.forms import DecisionForm
from research_hub.web.forms import choose, number_or_none


def decision_text(values: Mapping[str, Any], kept: Decision | None = None) -> DecisionText:
    """`kept` is the decision that is edited: its sections and front matter that have no field stay as they are."""
    return DecisionText(
        title=values["title"] or "",
        context=values["context"] or "",
        drivers=values["drivers"] or "",
        options=[each for each in values["options"] if (each["title"] or "").strip() or (each["body"] or "").strip()],
        outcome=values["outcome"] or "",
        consequences=values["consequences"] or "",
        confirmation=values["confirmation"] or "",
        more_information=values["more_information"] or "",
        decision_makers=(values["decision_makers"] or "").splitlines(),
        consulted=(values["consulted"] or "").splitlines(),
        informed=(values["informed"] or "").splitlines(),
        other_sections=() if kept is None else kept.other_sections,
        front_matter={} if kept is None else kept.front_matter,
    )


def about(session: Session, values: Mapping[str, Any]) -> dict[str, Any]:
    """Service, component, phase and status of a decision."""
    service_id, component_id = number_or_none(values["service_id"]), number_or_none(values["component_id"])
    return {
        "service": None if service_id is None else session.get(Service, service_id),
        "component": None if component_id is None else session.get(Component, component_id),
        "phase": values["phase"],
        "status": values["status"],
    }


def as_form_data(decision: Decision) -> dict[str, Any]:
    texts = ("title", "context", "drivers", "outcome", "consequences", "confirmation", "more_information")
    people = ("decision_makers", "consulted", "informed")
    return {
        **{name: getattr(decision, name) for name in texts},
        **{name: "\n".join(getattr(decision, name)) for name in people},
        "options": decision.options,
        "service_id": _as_choice(decision.service_id),
        "component_id": _as_choice(decision.component_id),
        "phase": "" if decision.phase is None else decision.phase.value,
        "status": decision.status.value,
        "row_version": str(decision.row_version),
    }


def fill_choices(session: Session, form: DecisionForm) -> DecisionForm:
    choose(form.service_id, service_choices(session))
    choose(form.component_id, component_choices(session))
    return form


def unchecked(form: DecisionForm) -> DecisionForm:
    """Selects of records are checked when the records are loaded; the form needs no list of them to be read."""
    form.service_id.choices = form.component_id.choices = []
    return form


def restore(form: DecisionForm, fields: Mapping[str, str], *, carried: str) -> DecisionForm:
    """What was typed and not saved yet; the insight that is carried along is that of this visit."""
    form.process(MultiDict({**fields, "insight": carried}))
    return form


def option_rows(form: DecisionForm, rows: int) -> DecisionForm:
    """At least so many rows for options."""
    while len(form.options) < rows:
        form.options.append_entry()
    return form


def _as_choice(number: int | None) -> str:
    return "" if number is None else str(number)
