"""What the gallery shows: a form with mistakes in it and a passage with highlights. Invented people, invented words."""

from types import SimpleNamespace

from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    DateField,
    FileField,
    Form,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    validators,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # stubs of 3.2

Part = tuple[str, list[int], str]
SAID: list[tuple[str, str, list[Part]]] = [
    ("Moderator", "00:12:04", [("Take your time. What are you thinking?", [], "")]),
    (
        "P-7K3Q",
        "00:12:11",
        [
            ("I saw ", [], ""),
            ("positive and I stopped reading. ", [912], ""),
            ("I rang my sister", [912, 915], ""),
            (" before I’d got to the bit about the GP.", [], ""),
        ],
    ),
    ("Moderator", "00:12:30", [("What did you tell her?", [], "")]),
    (
        "P-7K3Q",
        "00:12:33",
        [
            ("That I had ", [], ""),
            ("cancer", [], "strong"),
            (". ", [], ""),
            ("She’s a nurse, so she asked me to read it out, and then we found the next bit.", [913], ""),
            (" It was there all along. 😅", [], ""),
        ],
    ),
    (
        "P-7K3Q",
        "00:13:02",
        [
            ("And the link, I didn’t trust it. ", [], ""),
            ("It doesn’t say nhs anywhere in the first part.", [914], "emphasis"),
        ],
    ),
]


class SampleForm(Form):
    title = StringField("What are we deciding?", [validators.InputRequired("Enter what is being decided")])
    why = TextAreaField("Why, in a sentence", description="As you would say it to a colleague.")
    notes = TextAreaField("What they said", description="Their words, as they said them.")
    effect = RadioField(
        "What did the insight do to the decision?",
        choices=[
            SelectChoice("changed", "Changed it"),
            SelectChoice("confirmed", "Confirmed it"),
            SelectChoice("informed", "Informed it"),
        ],
    )
    services = SelectMultipleField(
        "Services", choices=[SelectChoice("cervical", "Cervical screening"), SelectChoice("breast", "Breast screening")]
    )
    method = SelectField(
        "Method", choices=[SelectChoice("moderated", "Moderated session"), SelectChoice("survey", "Survey")]
    )
    tags = StringField("Tags")
    decided_on = DateField("Decided on", description="For example 27 3 2026.")
    paper = FileField("A file of notes")
    public = BooleanField("This may be shown to the public")


def sample_form() -> SampleForm:
    """Answer a form that was sent with its title missing and a date that is none."""
    form = SampleForm(
        MultiDict({"title": "", "why": "Six of eight stopped.", "decided_on": "31 February", "effect": "changed"})
    )
    form.validate()
    return form


def sample_blocks() -> list[SimpleNamespace]:
    """Answer utterances for the reader with offsets in code points of the whole text."""
    blocks: list[SimpleNamespace] = []
    at = 0
    for number, (speaker, time_label, parts) in enumerate(SAID, start=1):
        pieces = []
        for text, marks, classes in parts:
            pieces.append(SimpleNamespace(text=text, start=at, end=at + len(text), marks=marks, classes=classes))
            at += len(text)
        at += 2
        blocks.append(
            SimpleNamespace(
                number=number,
                kind="utterance",
                level=None,
                speaker=speaker,
                time_label=time_label,
                pieces=pieces,
            )
        )
    return blocks


def sample_highlights() -> list[SimpleNamespace]:
    """Answer the notes in the margin of sample_blocks()."""
    return [
        _highlight(912, 2, ["first reading", "fear"], [{"ref": "INS-42", "href": "#"}]),
        _highlight(915, 2, ["helper"], []),
        _highlight(913, 4, ["helper"], []),
        _highlight(914, 5, ["trust in links"], [{"ref": "INS-29", "href": "#", "relation": "argues against"}]),
    ]


def _highlight(number: int, block: int, tags: list[str], insights: list[dict[str, str]]) -> SimpleNamespace:
    return SimpleNamespace(id=number, ref=f"HL-{number}", block=block, tags=tags, insights=insights)
