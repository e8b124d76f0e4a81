from __future__ import annotations

from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField

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
