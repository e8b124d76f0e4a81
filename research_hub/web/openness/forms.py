from __future__ import annotations

from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField

from insights.openness.entries import LANGUAGES
from insights.openness.models import RequestStatus
from research_hub.web.forms import HubForm

STATUS_WORDS = {
    RequestStatus.PLANNED.value: "Planned in a study",
    RequestStatus.ANSWERED.value: "Answered by an insight",
    RequestStatus.DECLINED.value: "Declined, with a reason",
    RequestStatus.OPEN.value: "Open",
}


class RequestForm(HubForm):
    title = StringField(
        "What do you want to know?", description="As a question: ‘Why do people ring after a reminder?’ Name nobody."
    )
    why = TextAreaField("Why is it needed?", description="What somebody could decide once it is known.")
    service_id = SelectField("Service", validate_choice=False)
    question = HiddenField()
    decision = HiddenField()
    row_version = HiddenField()


class AnswerForm(HubForm):
    status = RadioField("What became of it?", choices=STATUS_WORDS, validate_choice=False)
    study = StringField("Study", description="Its reference, such as STU-4.")
    insight = StringField("Insight", description="Its reference, such as INS-12.")
    reason = StringField("Reason", description="One sentence, for those who asked.")


class LanguageForm(HubForm):
    language = SelectField("Language", choices=dict(LANGUAGES), validate_choice=False)


class EntryForm(HubForm):
    """Plain text: a blank line parts paragraphs, a line that begins with '- ' is an item of a list."""

    title = StringField("Title", description="What changed, in words that people use themselves.")
    summary = TextAreaField("In short", description="Two or three sentences. Somebody who reads only these knows.")
    we_asked = TextAreaField("We asked", description="What you wanted to find out.")
    you_said = TextAreaField("You said", description="What people told you, in your words. Quotes are chosen apart.")
    we_did = TextAreaField("We did", description="What is different now. A meeting or a survey is no answer.")
    we_did_not = TextAreaField(
        "What we did not do, and why",
        description="A no with its reason is an answer too. It may stay empty.",
    )
    what_next = TextAreaField("What happened next", description="What came of it, or when you will look.")
    row_version = HiddenField()


class ApproverForm(HubForm):
    approver_id = SelectField("Who signs it off", validate_choice=False)


class WithdrawalForm(HubForm):
    reason = StringField("Why is it withdrawn?", description="Everybody who opens its address can read this.")
