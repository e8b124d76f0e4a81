from __future__ import annotations

from wtforms import SelectField, StringField, TextAreaField

from research_hub.web.forms import HubForm

POLARITY = {"": "nobody said", "1": "speaks for what we have", "0": "neutral", "-1": "speaks of a problem"}


class HighlightForm(HubForm):
    tags = StringField("Tags", description="Separate several with commas; a slash makes a tag within a tag.")
    observation = TextAreaField("What you observed")
    polarity = SelectField("Polarity", choices=POLARITY)
