from __future__ import annotations

from wtforms import HiddenField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField

from insights.synthesis.models import (
    Concern,
    ConfidenceLevel,
    InsightKind,
    InsightType,
    NoActionReason,
    RecommendationPriority,
    Relation,
    RevalidationResult,
)
from research_hub.web.forms import DayField, HubForm, told
from research_hub.web.may_stand import why_may_stand

TYPES = told(InsightType)
KINDS = told(InsightKind)
CONCERNS = told(Concern)
LEVELS = told(ConfidenceLevel)
RELATIONS = told(Relation)


class InsightForm(HubForm):
    claim = StringField(
        "The claim, in one sentence", description="What you learnt, so that somebody could disagree with it."
    )
    type = RadioField("Type", choices=TYPES, default=InsightType.ACTIONABLE.value)
    quotes = StringField("Evidence", description="The quotes it rests on, by their numbers: HL-12, HL-15.")
    confidence = SelectField("Confidence", choices={"": "not judged yet"} | LEVELS, validate_choice=False)
    justification = TextAreaField("Why not high?", description="One sentence, where confidence is not high.")
    body = TextAreaField("More about it", description="Markdown. Context, limits, what you would do.")
    kind = SelectField("What it is about", choices=KINDS, description="Says how fast it ages.")
    service_id = SelectField("Service", validate_choice=False)
    components = SelectMultipleField("Components", validate_choice=False)
    owner_id = SelectField("Who should answer", validate_choice=False)
    review_by = DayField("Review by")
    row_version = HiddenField()
    version_note = StringField("What you changed, in a few words")
    may_stand = why_may_stand()


class ConfidenceForm(HubForm):
    """The four GRADE-CERQual components."""

    methodological_limitations = SelectField("Limits of the methods", choices=CONCERNS)
    coherence = SelectField("Coherence: does the evidence fit together?", choices=CONCERNS)
    adequacy = SelectField("Adequacy: is there enough, and rich enough?", choices=CONCERNS)
    relevance = SelectField("Relevance: were they the right people and situations?", choices=CONCERNS)
    level = SelectField("Confidence", choices={"": "as the concerns suggest"} | LEVELS)
    justification = TextAreaField("Why, in a sentence or two")


class EvidenceForm(HubForm):
    quote = StringField("Quote", description="Its number, such as HL-12.")
    other = StringField("Another insight", description="Its number, such as INS-7.")
    external_title = StringField("A source outside", description="Its title, for example ‘Call centre log, March’.")
    external_url = StringField("Its address")
    relation = SelectField("It", choices=RELATIONS)
    note = StringField("Note")


class RevalidationForm(HubForm):
    result = RadioField("What did you find?", choices=told(RevalidationResult))
    note = StringField("What did you look at?")


class LookAgainForm(HubForm):
    owner_id = SelectField("Who looks", validate_choice=False)
    due_on = DayField("By")
    why = StringField("Why", description="What makes you doubt it, in a sentence; or nothing.")


class ParkForm(HubForm):
    until = DayField("Until")
    note = StringField("Why it can wait")


class NoActionForm(HubForm):
    reason = SelectField("Reason", choices=told(NoActionReason))
    note = StringField("Note")


class RecommendationForm(HubForm):
    text = TextAreaField("What do you recommend?")
    addressee_id = SelectField("Who should answer", validate_choice=False)
    due_on = DayField("Answer by")
    priority = SelectField("Priority", choices={"": "–"} | told(RecommendationPriority), validate_choice=False)
    others = StringField("It also rests on", description="Other insights by their numbers: INS-3, INS-9.")
    row_version = HiddenField()
    may_stand = why_may_stand()


class BoardForm(HubForm):
    title = StringField(
        "Title", description="What you want to see a pattern in, for example ‘What people do after a letter’."
    )
    study = SelectField("Study", validate_choice=False)


class FillForm(HubForm):
    tag = SelectField("Quotes with a tag", validate_choice=False, description="With all tags within it.")
    words = StringField(
        "Quotes with these words", description="All of them, in the quote or in what was noted beside it."
    )
    quotes = StringField("Chosen quotes", description="By their numbers: HL-12, HL-15.")


class ThemeForm(HubForm):
    title = StringField("Title", description="The pattern in a few words.")
    memo = TextAreaField("Memo", description="Markdown. What these quotes have in common, and what does not fit.")
    tags = StringField("Tags", description="Separate several with commas.")
    study = SelectField("Study", validate_choice=False)
    quotes = StringField("Quotes", description="By their numbers: HL-12, HL-15.")
    row_version = HiddenField()
