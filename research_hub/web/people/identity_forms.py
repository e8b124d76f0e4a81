from __future__ import annotations

from dataclasses import asdict

from wtforms import HiddenField, SelectField, StringField, TextAreaField

from insights.people.vault import FIELD_LABELS, REASON_LABELS, OpenedIdentity, Who
from research_hub.web.forms import NONE, HubForm

REASONS = {NONE.value: "Choose why", **{reason.value: label for reason, label in REASON_LABELS.items()}}


class ReasonForm(HubForm):
    reason = SelectField("Why you need to look", choices=REASONS, validate_choice=False)
    words = StringField(
        "In a few words", description="No names. What you write stays on the record, beside your own name and the time."
    )


class FindForm(ReasonForm):
    sought = StringField(
        "Name, e-mail address or telephone number",
        description="Whole words: a first name, a surname, or both. What you search for is not kept.",
    )


class KeepForm(HubForm):
    """Browsers are asked to remember nothing of it."""

    name = StringField(FIELD_LABELS["name"])
    email = StringField(FIELD_LABELS["email"])
    telephone = StringField(FIELD_LABELS["telephone"])
    address = TextAreaField(FIELD_LABELS["address"])
    note = TextAreaField(
        FIELD_LABELS["note"], description="What has to be known to reach them, such as when not to call."
    )
    source = StringField(
        FIELD_LABELS["source"], description="For example: answered the advertisement, named by the patients’ group."
    )
    row_version = HiddenField()


class RemoveForm(HubForm):
    typed = StringField("Type the code to confirm")


def filled(opened: OpenedIdentity) -> KeepForm:
    return KeepForm(data={**asdict(opened.who), "row_version": opened.row_version})


def who_of(values: dict[str, str]) -> Who:
    return Who(**{name: values[name] for name in FIELD_LABELS})
