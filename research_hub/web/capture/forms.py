from __future__ import annotations

from typing import Any, ClassVar

from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    HiddenField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Optional

from insights.capture.models import Method, Sensitivity, StudyStatus
from research_hub.web.forms import DayField, HubForm, told

METHODS = told(Method)
# A study begins as a wish or among people; every other state is reached by a step with its guard.
BEGINNINGS = {
    StudyStatus.IN_FIELD.value: "In field: people are being heard, or soon will be, where what is asked above is told",
    StudyStatus.PROPOSED.value: "Proposed: to be planned first",
}


class StudyForm(HubForm):
    title = StringField("Title", description="What the study is called, for example ‘Results letters, round 2’.")
    question = TextAreaField("What do you want to find out?")
    service_id = SelectField("Service", validate_choice=False)
    methods = SelectMultipleField("Methods", choices=METHODS)
    starts_on = DayField("Starts")
    ends_on = DayField("Ends")
    status = SelectField("Where it stands", choices=BEGINNINGS, default=StudyStatus.IN_FIELD.value)
    restricted = BooleanField(
        "Restricted", description="Only the people you name can see it, its sessions and what was found in it."
    )
    row_version = HiddenField()


class NewStudyForm(StudyForm):
    """With what has to be told before people are heard (features.md L6); what the team told last stands in it."""

    lawful_basis = StringField(
        "Lawful basis", description="UK GDPR, article 6: for public bodies mostly “public task”."
    )
    sensitivity = SelectField(
        "How sensitive is what people tell", choices={"": "–", **told(Sensitivity)}, validate_choice=False
    )
    sharing_agreement = StringField(
        "Agreement for sharing data", description="Its reference, or “none” where nothing is shared with anybody."
    )
    dpia_reference = StringField(
        "Data protection impact assessment", description="Its reference, for example DPIA-2031."
    )
    no_dpia_reason = StringField(
        "Or why none is needed", description="For example: the assessment of the whole programme covers it."
    )


class AccessForm(HubForm):
    restricted = BooleanField("Restricted to the people named below")
    named = SelectMultipleField("Named people", validate_choice=False)


class MinutesField(IntegerField):
    """Minutes as a whole number; empty is allowed."""

    def __init__(self, label: str, **values: Any) -> None:  # noqa: ANN401 - WTForms' own signature
        super().__init__(label, validators=[Optional()], **values)

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata([each.strip() for each in valuelist if each.strip()])
        except ValueError as error:
            raise ValueError("Enter the minutes as a whole number, for example 45, or leave it empty.") from error


class SessionForm(HubForm):
    ALIASES: ClassVar[dict[str, str]] = {"file": "original"}

    study = SelectField("Study", validate_choice=False)
    held_on = DayField("Date")
    notes = TextAreaField(
        "Notes",
        description="As you wrote them, in Markdown if you like. People’s own words in quotation marks.",
    )
    original = FileField(
        "Or upload the notes",
        description="A document, a transcript, captions or plain text. It is kept byte for byte beside its text.",
    )
    title = StringField("Title", description="Only if the date and the people do not say enough.")
    method = SelectField("Method", choices=METHODS, default=Method.INTERVIEW.value)
    moderator = StringField("Moderator")
    observers = StringField("Observers")
    participants = StringField(
        "Participants", description="Codes, separated by commas, for example P-7K3Q, P-2XRD. Never names."
    )
    channel = StringField("Where or how", description="For example at home, in a library, by video, on the telephone.")
    minutes = MinutesField("Minutes", description="How long it took. Colleagues who watched have it counted for them.")


class SessionDetailsForm(HubForm):
    held_on = DayField("Date")
    title = StringField("Title")
    method = SelectField("Method", choices=METHODS)
    moderator = StringField("Moderator")
    observers = StringField("Observers")
    participants = StringField("Participants", description="Codes, separated by commas. Never names.")
    channel = StringField("Where or how")
    minutes = MinutesField("Minutes")
    row_version = HiddenField()


class NotesForm(HubForm):
    notes = TextAreaField("Notes")
    row_version = HiddenField()
