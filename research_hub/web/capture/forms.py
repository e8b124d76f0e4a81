from __future__ import annotations

from flask_wtf.file import FileField
from wtforms import BooleanField, HiddenField, SelectField, SelectMultipleField, StringField, TextAreaField

from insights.capture.models import Method, StudyStatus
from research_hub.web.forms import DayField, HubForm, told

METHODS = told(Method)
# A study begins as a wish or among people; every other state is reached by a step with its guard.
BEGINNINGS = {
    StudyStatus.IN_FIELD.value: "In field: people are being heard, or soon will be",
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


class AccessForm(HubForm):
    restricted = BooleanField("Restricted to the people named below")
    named = SelectMultipleField("Named people", validate_choice=False)


class SessionForm(HubForm):
    study = SelectField("Study", validate_choice=False)
    held_on = DayField("Date")
    notes = TextAreaField(
        "Notes",
        description="As you wrote them, in Markdown if you like. People’s own words in quotation marks.",
    )
    original = FileField(
        "Or upload the notes", description="A text or Markdown file. It is kept byte for byte beside its text."
    )
    title = StringField("Title", description="Only if the date and the people do not say enough.")
    method = SelectField("Method", choices=METHODS, default=Method.INTERVIEW.value)
    moderator = StringField("Moderator")
    observers = StringField("Observers")
    participants = StringField(
        "Participants", description="Codes, separated by commas, for example P-7K3Q, P-2XRD. Never names."
    )


class SessionDetailsForm(HubForm):
    held_on = DayField("Date")
    title = StringField("Title")
    method = SelectField("Method", choices=METHODS)
    moderator = StringField("Moderator")
    observers = StringField("Observers")
    participants = StringField("Participants", description="Codes, separated by commas. Never names.")
    row_version = HiddenField()


class NotesForm(HubForm):
    notes = TextAreaField("Notes")
    row_version = HiddenField()
