from __future__ import annotations

from wtforms import HiddenField, SelectField, StringField, TextAreaField

from research_hub.web.forms import HubForm
from research_hub.web.may_stand import why_may_stand

POLARITY = {"": "nobody said", "1": "speaks for what we have", "0": "neutral", "-1": "speaks of a problem"}
SEVERITY = {"": "not judged", "1": "minor", "2": "serious", "3": "stops people"}


class HighlightForm(HubForm):
    tags = StringField("Tags", description="Separate several with commas; a slash makes a tag within a tag.")
    observation = TextAreaField("What you observed")
    polarity = SelectField("Polarity", choices=POLARITY)
    severity = SelectField("Severity", choices=SEVERITY)
    may_stand = why_may_stand()


class MemoForm(HubForm):
    about = HiddenField()
    title = StringField("Title", description="Only where it helps to find it again.")
    text = TextAreaField(
        "Memo", description="What you think here, in Markdown if you like. Others of the study read it."
    )
    row_version = HiddenField()
    may_stand = why_may_stand()
