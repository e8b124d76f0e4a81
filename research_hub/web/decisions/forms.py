from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

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

from insights.decisions.models import Basis, Contribution, DecisionStatus, DeliveryState, Direction, LinkType
from insights.people.models import Phase
from research_hub.web.decisions.states import LINK_WORDS, VERDICT_WORDS
from research_hub.web.forms import DayField, HubForm
from research_hub.web.words import words

MARKDOWN = "Markdown."
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


class LinkForm(HubForm):
    insight = RadioField("Which insight?", validate_choice=False)
    type = RadioField("What did it do?", choices=LINK_WORDS, default=LinkType.CHANGED.value)
    rationale = StringField("Why, in one sentence", description="What you read in it, and what you do because of it.")


class AcceptForm(HubForm):
    basis = SelectField("Declared basis", choices={"": "–"} | _told(Basis), default="")
    basis_reason = StringField("Why this basis applies")
    beyond_evidence_reason = StringField(
        "Why you decide all the same", description="One sentence; it stands beside the decision."
    )
    supersedes = SelectField("It replaces", validate_choice=False)
    decided_on = DayField("Decided on", description="Today, where you leave it empty.")


class SupersedeForm(HubForm):
    by = SelectField("The decision that replaces it", validate_choice=False)


class ChangeForm(HubForm):
    before = TextAreaField("Before", description="The words, the rule or the screen as it was.")
    after = TextAreaField("After")
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


class ReadingForm(HubForm):
    on = DayField("Measured on")
    value = FloatField("The figure", validators=[Optional()])
    note = StringField("Note")


class ImpactForm(HubForm):
    what = TextAreaField("What happened because of it", description="In words one could read out.")
    contribution = RadioField("How much did research contribute?", choices=_told(Contribution))
    on = DayField("When")
    measure_id = SelectField("Measure", validate_choice=False)


class DeliveryForm(HubForm):
    state = RadioField("Delivery", choices=_told(DeliveryState))
    live_on = DayField("Live since")
    url = StringField("Where the work is", description="An issue, a pull request, the page itself.")
