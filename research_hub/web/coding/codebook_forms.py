from __future__ import annotations

from wtforms import BooleanField, HiddenField, SelectField, StringField, TextAreaField

from insights.coding.codebook.merging import MOST_PARTS
from research_hub.web.forms import HubForm


class NewTagForm(HubForm):
    name = StringField("Name", description="Short words that a colleague would look for, such as “next step”.")
    parent = SelectField("Within", default="")
    definition = TextAreaField("Definition", description="What it means, so that another person would code the same.")


class TagForm(HubForm):
    definition = TextAreaField("Definition", description="What it means, so that another person would code the same.")
    use_when = TextAreaField("When to use it")
    do_not_use_when = TextAreaField(
        "When not to use it", description="Name the tag to use instead, where there is one."
    )
    example = TextAreaField("Example", description="A typical passage, in people’s own words.")
    synonyms = StringField(
        "Other words for it", description="Separate several with commas. Typing one of them gives this tag."
    )
    row_version = HiddenField()


class RenameForm(HubForm):
    name = StringField("Name")
    keep_old_name = BooleanField("Keep the old name as a synonym, so that typing it still gives this tag", default=True)


class MoveForm(HubForm):
    parent = SelectField("Within")


class MergeForm(HubForm):
    into = SelectField("Merge into")


class SplitForm(HubForm):
    """The names are read as a list by `names`; the choice for quote 7 is the field `quote-7`."""

    names = StringField("Names of the new tags")
    retire = BooleanField("Retire the old tag afterwards")


class PromoteForm(HubForm):
    merge = HiddenField()


PART_NUMBERS = tuple(range(1, MOST_PARTS + 1))
