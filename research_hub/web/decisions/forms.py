from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from flask_wtf.file import FileField
from wtforms import (
    FieldList,
    FloatField,
    Form,
    FormField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Optional

from insights.decisions.models import Basis, DecisionStatus, DeliveryState, Direction, ImpactKind, LinkType, WorkState
from insights.people.models import Phase
from research_hub.web.decisions.states import CONTRIBUTION_WORDS, KIND_WORDS, LINK_WORDS, VERDICT_WORDS, WORK_WORDS
from research_hub.web.forms import DayField, HubForm
from research_hub.web.may_stand import why_may_stand
from research_hub.web.words import words

MARKDOWN = "Markdown."
PICTURE = "PNG, JPEG, GIF or WebP, 5 MB at most. No faces, names or addresses of people."
ALT = "In words, for those who do not see it."
ONE_A_LINE = "One name a line."
OPTION_ROWS = 3


def _told(terms: Iterable[StrEnum]) -> dict[str, str]:
    return {each.value: words(each) for each in terms}


class OptionForm(Form):
    title = StringField("Option")
    body = TextAreaField("What speaks for it and against it")


class DecisionForm(HubForm):
    """The fields of MADR 4."""

    title = StringField("What do you decide?", description="As one says it afterwards: ‘Put the next step first’.")
    context = TextAreaField("Context and problem", description=f"What made you decide. {MARKDOWN}")
    drivers = TextAreaField("What weighs in", description=f"Needs, rules, costs, time. {MARKDOWN}")
    options = FieldList(FormField(OptionForm), "Options", min_entries=OPTION_ROWS)
    outcome = TextAreaField("What you decided, and why", description=MARKDOWN)
    consequences = TextAreaField("Consequences", description=f"What gets better, and what gets worse. {MARKDOWN}")
    confirmation = TextAreaField("How we check that it was done", description=MARKDOWN)
    more_information = TextAreaField("More information", description=MARKDOWN)
    decision_makers = TextAreaField("Decision makers", description=ONE_A_LINE)
    consulted = TextAreaField("Consulted", description=ONE_A_LINE)
    informed = TextAreaField("Informed", description=ONE_A_LINE)
    service_id = SelectField("Service", validate_choice=False)
    component_id = SelectField("Component", validate_choice=False)
    phase = SelectField("Phase", choices={"": "–"} | _told(Phase), default="")
    status = RadioField(
        "Status",
        choices=_told((DecisionStatus.DRAFT, DecisionStatus.PROPOSED)),
        default=DecisionStatus.PROPOSED.value,
    )
    row_version = HiddenField()
    insight = HiddenField()
    may_stand = why_may_stand()


class LinkForm(HubForm):
    insight = RadioField("Which insight?", validate_choice=False)
    type = RadioField("What did it do?", choices=LINK_WORDS, default=LinkType.CHANGED.value)
    rationale = StringField("Why, in one sentence", description="What you read in it, and what you do because of it.")
    revisit_on = DayField(
        "Ask again on", description="Only for what was considered and not followed; empty: no day is named."
    )


class AcceptForm(HubForm):
    basis = SelectField("Declared basis", choices={"": "–"} | _told(Basis), default="")
    basis_reason = StringField("Why this basis applies")
    beyond_evidence_reason = StringField(
        "Why you decide all the same", description="One sentence; it stands beside the decision."
    )
    supersedes = SelectField("It replaces", validate_choice=False)
    decided_on = DayField("Decided on", description="Today, where you leave it empty.")
    may_stand = why_may_stand()


class RefusalForm(HubForm):
    """Rejecting a decision, or putting it off; the day is that on which somebody asks again."""

    reason = StringField("Why", description="It stands in the register of needs not met.")
    revisit_on = DayField("Ask again on")


class ReviewForm(HubForm):
    note = StringField("What you looked at, and why it stands")


class CauseForm(HubForm):
    cause = StringField("What makes you doubt it", description="One sentence; the owner of the decision sees it.")


class SupersedeForm(HubForm):
    by = SelectField("The decision that replaces it", validate_choice=False)


class ChangeForm(HubForm):
    before = TextAreaField("Before", description="The words, the rule or the screen as it was.")
    after = TextAreaField("After")
    before_image = FileField("Picture of how it was", description=PICTURE)
    before_alt = StringField("What that picture shows", description=ALT)
    after_image = FileField("Picture of how it is", description=PICTURE)
    after_alt = StringField("What that picture shows", description=ALT)
    url = StringField("Where one can see it", description="An address; a screenshot, a pull request, the page itself.")


class MeasureForm(HubForm):
    name = StringField("What is measured", description="For example: calls within 24 hours of the letter.")
    unit = StringField("Unit", description="For example: %, minutes, calls a week.")
    direction = RadioField(
        "Which way is better?",
        choices={Direction.UP_IS_BETTER.value: "more is better", Direction.DOWN_IS_BETTER.value: "less is better"},
        default=Direction.UP_IS_BETTER.value,
    )
    baseline = FloatField("Now (the baseline)", validators=[Optional()])
    baseline_on = DayField("Measured on")
    target = FloatField("Where it should go (the target)", validators=[Optional()])
    source = StringField("Where the figure comes from")
    check_on = DayField("Look again on", description="90 days after acceptance, where you leave it empty.")


class NotMeasurableForm(HubForm):
    reason = StringField("Why it cannot be measured")


class CheckForm(HubForm):
    due_on = DayField("Look on")
    measure_id = SelectField("Measure", validate_choice=False)


class VerdictForm(HubForm):
    verdict = RadioField("What came of it?", choices=VERDICT_WORDS)
    value = FloatField("The figure now", validators=[Optional()])
    note = TextAreaField("What you looked at, and what you make of it")


class RescheduleForm(HubForm):
    due_on = DayField("Look on another day")
    why = StringField("Why it is put off")


class ReadingsForm(HubForm):
    file = FileField("A CSV file", description="With a first line: date,value,note. The note may be left out.")
    table = TextAreaField("Or paste the table here", description="2026-10-01,27.5,after the new letter")


class ReadingForm(HubForm):
    on = DayField("Measured on")
    value = FloatField("The figure", validators=[Optional()])
    note = StringField("Note")


class ImpactForm(HubForm):
    what = TextAreaField("What happened because of it", description="In words one could read out.")
    kind = RadioField("What kind of thing is it?", choices=KIND_WORDS, default=ImpactKind.BETTER_FOR_USERS.value)
    contribution = RadioField("Research was", choices=CONTRIBUTION_WORDS)
    on = DayField("When")
    measure_id = SelectField("Measure", validate_choice=False)


class DeliveryForm(HubForm):
    state = RadioField("Delivery", choices=_told(DeliveryState))
    live_on = DayField("Live since")
    url = StringField("Where it can be seen", description="The page or the letter itself.")
    beyond_evidence_reason = StringField(
        "Why it goes live all the same", description="One sentence; it stands beside the decision."
    )


class WorkForm(HubForm):
    url = StringField("Address", description="Of an issue, a ticket or a pull request: Jira, GitHub, GitLab, any.")
    title = StringField("What it is called there")
    state = SelectField("How far it is", choices=WORK_WORDS, default=WorkState.TO_DO.value, validate_choice=False)
