"""A template goes into the draft of a form, never into a record, and never over what was typed.

The form's draft is what every form shows again when it is opened (features.md A1), so beginning from a template needs
no script and loses nothing: what was typed goes into the draft first.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from insights.capture.models import TemplateKind, TextTemplate
from insights.capture.operations import save_draft
from insights.capture.queries import draft_of
from insights.capture.templates.queries import template_body
from insights.core.errors import InvalidInput
from insights.people.models import Member


@dataclass(frozen=True, slots=True)
class Place:
    """A form that can begin from a template: the kind it takes, and the field that holds the text."""

    kind: TemplateKind
    field: str
    words: str


PLACES: Mapping[str, Place] = {
    "new-session": Place(TemplateKind.SESSION_NOTE, "notes", "the notes of a new session"),
    "plan": Place(TemplateKind.STUDY_PLAN, "plan", "the plan"),
}
_PLAN_KEY = re.compile(r"plan-STU-\d{1,10}")


def place_of(form_key: str) -> Place:
    """'new-session', or 'plan-STU-7'. Raises InvalidInput for a form that takes no template."""
    if form_key == "new-session":
        return PLACES["new-session"]
    if _PLAN_KEY.fullmatch(form_key):
        return PLACES["plan"]
    raise InvalidInput.of("form", "This form does not begin from a template. Open it from the study or the log.")


def begin_from_template(
    session: Session, *, member: Member, template: TextTemplate, form_key: str, stored: str = "", replace: bool = False
) -> None:
    """Puts the template's text into the form's draft: below what is there, or in its place where `replace` says so.

    `stored` is what the form shows where there is no draft yet, such as the plan that was saved.
    """
    place = place_of(form_key)
    if template.kind is not place.kind:
        raise InvalidInput.of("template", f"“{template.title}” is not for {place.words}. Choose one of the list.")
    draft = draft_of(session, member, form_key)
    fields = {} if draft is None else dict(draft.fields)
    written = str(fields.get(place.field, stored)).rstrip()
    body = template_body(session, template)
    fields[place.field] = body if replace or not written else f"{written}\n\n{body}"
    if place.kind is TemplateKind.STUDY_PLAN:
        fields["template"] = template.ref
    save_draft(session, member=member, form_key=form_key, fields=fields)
