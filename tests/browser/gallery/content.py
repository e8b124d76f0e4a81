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


def sample_lines() -> list[SimpleNamespace]:
    """Answer timed lines for the reader, with the notes in its margin; starts in code points of the whole text."""
    lines: list[SimpleNamespace] = []
    at, seen = 0, set[int]()
    for number, said in enumerate(SAID, start=1):
        lines.append(_line(number, at, said, seen))
        at += sum(len(text) for text, _, _ in said[2]) + 2
    return lines


def _line(number: int, start: int, said: tuple[str, str, list[Part]], seen: set[int]) -> SimpleNamespace:
    speaker, time_label, parts = said
    pieces = []
    for text, marks, classes in parts:
        begins = [each for each in marks if each not in seen]
        seen.update(begins)
        pieces.append(
            SimpleNamespace(
                text=text,
                classes=classes,
                href="",
                hidden=False,
                gap=False,
                marks=marks,
                begins=begins,
                tone=TONES[marks[-1]] if marks else 0,
                bare=not (marks or classes),
            )
        )
    hours, minutes, seconds = map(int, time_label.split(":"))
    return SimpleNamespace(
        anchor=f"p-{number}",
        number=number,
        kind="utterance",
        tag="p",
        start=start,
        speaker=speaker,
        time_label=time_label,
        milliseconds=((hours * 60 + minutes) * 60 + seconds) * 1000,
        page="3" if number == 1 else "",
        pieces=pieces,
        notes=[_note(*note[1:]) for note in NOTED if note[0] == number],
        lost=(),
    )


TONES = {912: 1, 915: 2, 913: 3, 914: 4}
NOTED: list[tuple[int, int, list[str], list[dict[str, str]]]] = [
    (2, 912, ["first reading", "fear"], [{"ref": "INS-42", "relation": "supports"}]),
    (2, 915, ["helper"], []),
    (4, 913, ["helper"], []),
    (5, 914, ["trust in links"], [{"ref": "INS-29", "relation": "argues against"}]),
]


def _note(number: int, tags: list[str], insights: list[dict[str, str]]) -> SimpleNamespace:
    judged = {"polarity": -1, "severity": 2} if number == 913 else {"polarity": None, "severity": None}
    mark = SimpleNamespace(id=number, ref=f"HL-{number}", tags=tags, observation="", **judged)
    return SimpleNamespace(mark=mark, tone=TONES[number], insights=insights, memos=())
