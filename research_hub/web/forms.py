"""The base of all forms: fields keep the member's words when the domain refuses them, and show why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Any, ClassVar

from flask import g, request
from flask_wtf import FlaskForm
from wtforms import DateField, Field, SelectField, StringField
from wtforms.validators import Optional

from insights.core.errors import DomainError, InvalidInput
from insights.people.queries import Choice
from research_hub.web.words import words

NONE = Choice("", "–")


class HubForm(FlaskForm):
    """`HubForm(obj=row)` shows a record; after a refusal the same call shows what was sent, with the errors."""

    ALIASES: ClassVar[dict[str, str]] = {}

    def __init__(self, *args: Any, **values: Any) -> None:  # noqa: ANN401 - WTForms' own signature
        problem: DomainError | None = getattr(g, "problem", None)
        self._problem = problem if isinstance(problem, InvalidInput) else None
        super().__init__(request.form if problem is not None else None, *args, **values)
        if self._problem is not None:
            self._show(self._problem)

    def _show(self, problem: InvalidInput) -> None:
        for name, message in problem.fields.items():
            field: Field | None = self._fields.get(self.ALIASES.get(name, name))
            if field is None:
                self.form_errors.append(message)
            else:
                field.errors = [message]
        if not problem.fields:
            self.form_errors.append(problem.message)


def read_form(form: HubForm) -> dict[str, Any]:
    """The values of a posted form. Raises InvalidInput naming each field that does not parse."""
    form.process(request.form)
    if not form.validate():
        errors = {name: " ".join(str(each) for each in found) for name, found in form.errors.items() if name}
        raise InvalidInput("Something has to be put right before this can be saved.", errors)
    skipped = {"csrf_token"}
    return {name: _data_of(field) for name, field in form._fields.items() if name not in skipped}


def _data_of(field: Field) -> Any:  # noqa: ANN401 - whatever the field holds
    """A text field that was not sent at all is empty, as it would be had it been sent empty."""
    return "" if field.data is None and isinstance(field, StringField) else field.data


class DayField(DateField):
    """A day, from the browser's date picker or typed as 2026-03-27 or 27/3/2026; empty is allowed."""

    def __init__(self, label: str, **values: Any) -> None:  # noqa: ANN401 - WTForms' own signature
        super().__init__(
            label,
            format=["%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d %B %Y", "%d %m %Y"],
            validators=[Optional()],
            **values,
        )

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError("Enter a real date, for example 2026-03-27.") from error


def choose(field: SelectField, choices: Sequence[Choice], *, optional: bool = True) -> None:
    """Fills a select; with `optional` an empty choice stands first."""
    listed = [NONE, *choices] if optional else list(choices)
    field.choices = {each.value: each.label for each in listed}


def told(terms: Iterable[StrEnum]) -> dict[str, str]:
    """The choices of a select: each term with its words."""
    return {term.value: words(term) for term in terms}


def number_or_none(value: str | None) -> int | None:
    return int(value) if value and value.isascii() and value.isdigit() and len(value) < 18 else None  # noqa: PLR2004 - fits any database


def day_or_none(value: str | None) -> date | None:
    try:
        return date.fromisoformat(value) if value else None
    except ValueError:
        return None


def restored(draft: Mapping[str, str]) -> dict[str, Any]:
    """A kept draft as form data; days are parsed, the rest is text."""
    data: dict[str, Any] = {name: value for name, value in draft.items() if name != "row_version"}
    if "held_on" in data:
        data["held_on"] = day_or_none(data["held_on"])
    return data
