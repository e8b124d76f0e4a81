"""The texts of a public entry, how long they may be, and what 'We did' may not be (beyond.md 10)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from insights.core.checks import optional_line, required_line, text_of
from insights.core.errors import InvalidInput

TITLE, LONGEST_TITLE, LONGEST_SECTION = "title", 300, 10_000
SECTIONS: Mapping[str, str] = {
    "summary": "In short",
    "we_asked": "We asked",
    "you_said": "You said",
    "we_did": "We did",
    "we_did_not": "What we did not do, and why",
    "what_next": "What happened next",
}
"""Each section with its heading, in the order of the page."""

HEADINGS: Mapping[str, Mapping[str, str]] = {
    "en": SECTIONS,
    "cy": {
        "summary": "Yn gryno",
        "we_asked": "Fe wnaethom ofyn",
        "you_said": "Fe ddywedoch chi",
        "we_did": "Fe wnaethom ni",
        "we_did_not": "Beth na wnaethom ni, a pham",
        "what_next": "Beth ddigwyddodd nesaf",
    },
}
"""The headings of the public page by language; a language without them has the English ones, marked as such."""

NEEDED = ("summary", "we_asked", "you_said", "what_next")
"""What every page has to say; beside them 'We did', or for a decision not to, what was not done."""

LANGUAGES: Mapping[str, str] = {
    "en": "English",
    "cy": "Cymraeg",
    "gd": "Gàidhlig",
    "ga": "Gaeilge",
    "pl": "Polski",
    "ur": "اردو",
}
"""By BCP 47, each in its own words."""

RIGHT_TO_LEFT = frozenset({"ur"})


@dataclass(frozen=True, slots=True)
class EntryTexts:
    """Plain text: a blank line parts paragraphs, a line that begins with '- ' is an item of a list."""

    title: str
    summary: str = ""
    we_asked: str = ""
    you_said: str = ""
    we_did: str = ""
    we_did_not: str = ""
    what_next: str = ""

    def as_mapping(self) -> dict[str, str]:
        return {TITLE: self.title} | {name: getattr(self, name) for name in SECTIONS}


def tidy(texts: EntryTexts) -> EntryTexts:
    """Raises InvalidInput for an empty title and for texts that nobody would read to their end."""
    sections = {
        name: text_of(name, getattr(texts, name), label=f"“{heading}”", longest=LONGEST_SECTION)
        for name, heading in SECTIONS.items()
    }
    return EntryTexts(required_line(TITLE, texts.title, label="a title", longest=LONGEST_TITLE), **sections)


def language_of(language: str) -> str:
    line = optional_line("language", language, label="the language", longest=20)
    if line not in LANGUAGES:
        raise InvalidInput.of("language", f"Choose a language: one of {', '.join(LANGUAGES.values())}.")
    return line


# What an organisation does in order to listen. It is owed to people too, and is no answer to them.
_ACTIVITY = re.compile(
    r"""^\W*(?:(?:in|on|since|during|over)\b[^,]{0,40},\s*)?we(?:\s+have|\s+are|\s+will|’ve|'ve|’re|'re|’ll|'ll)?\s+(?:also\s+|then\s+|since\s+)*
    (?:held|holding|ran|run|running|organised|organized|hosted|carried\s+out|conducted|did\s+(?:some\s+)?research|
    interviewed|spoke|spoken|talked|talking|met|listened|listening|consulted|consulting|surveyed|asked|asking|
    discussed|discussing|looked?\s+(?:at|into)|looking\s+(?:at|into)|reviewed|reviewing|consider(?:ed|ing)?|
    explor(?:e|ed|ing)|investigat(?:e|ed|ing)|not(?:e|ed)|acknowledged?|thank(?:ed)?|heard|
    shared\s+(?:this|your|the)|set\s+up\s+(?:a\s+)?(?:working\s+)?(?:group|workshop|meeting|forum|panel)|
    work(?:ed|ing)\s+with\s+(?:our\s+)?(?:partners|stakeholders|colleagues)|continu(?:e|ed|ing)\s+to|
    committed?\s+to|plan(?:ned|ning)?\s+to|hope|aim(?:ed|ing)?\s+to|use[d]?\s+your\s+feedback)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")


def tells_only_of_activity(we_did: str) -> bool:
    """Whether every sentence tells of meetings, surveys and intentions, and none of what is different now."""
    sentences = [each for each in _SENTENCE.split(we_did) if each.strip(" -\t")]
    return bool(sentences) and all(_ACTIVITY.match(each) for each in sentences)
