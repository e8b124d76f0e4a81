"""The marks that an observer types into a line: tags, who said it, how severe, for or against.

This parser decides; research_hub/static/js/livelog_marks.js mirrors it so that marks show while one types, and both are
held to the cases of tests/domain/capture/live_log_lines.json.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

from insights.core.checks import clean

MOST_TAGS = 30
LONGEST_TAG_STEP = 120
LONGEST_TAG = 400
DEEPEST_TAG = 20
LONGEST_CODE = 20

# A quoted tag may hold spaces; anything else ends where white space begins.
_TOKEN = re.compile(r'#["“”][^"“”]+["“”][.,;:!?)]*(?= |$)|[^ ]+')
_TAG = re.compile(r'#(?:["“”]([^"“”]+)["“”]|([^"“”]+?))[.,;:!?)/]*')
_PARTICIPANT = re.compile(r"@([A-Za-z][A-Za-z0-9]*(?:-[A-Za-z0-9]+)*)[.,;:!?)]*")
_HEX = re.compile(r"[0-9A-Fa-f]+")
_HEX_LENGTHS = {3, 4, 6, 8}
_SHORT_HEX = 4
_SEVERITIES = {"!": 1, "!!": 2, "!!!": 3}
_POLARITIES = {"+": 1, "-": -1, "−": -1}
_OPENING_QUOTES = "\"'“‘«„"


@dataclass(frozen=True, slots=True)
class MarkedLine:
    """A line taken apart. `words` is what is left without the marks; `severity` is 1 to 3, `polarity` -1 or 1."""

    words: str
    tags: tuple[str, ...]
    participant: str | None
    severity: int | None
    polarity: int | None

    @property
    def is_coded(self) -> bool:
        """Whether it becomes a highlight: somebody said what it is about, how bad it is, or which way it points."""
        return bool(self.tags) or self.severity is not None or self.polarity is not None


def clean_line(text: str) -> str:
    """One line in NFC without control characters, with single spaces between its words."""
    return " ".join(clean(text).split())


def parse_line(text: str) -> MarkedLine:
    """Reads the marks of one line; what is no mark stays among the words as it was typed."""
    read = _Reading()
    for token in _TOKEN.findall(clean_line(text)):
        if not (read.take_tag(token) or read.take_participant(token) or read.take_severity(token)):
            read.words.append(token)
    polarity = _take_polarity(read.words)
    return MarkedLine(" ".join(read.words), tuple(read.tags), read.participant, read.severity, polarity)


@dataclass(slots=True)
class _Reading:
    words: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    participant: str | None = None
    severity: int | None = None

    def take_tag(self, token: str) -> bool:
        name = _tag_of(token)
        if name is None:
            return False
        if name.lower() in {tag.lower() for tag in self.tags}:
            return True
        if len(self.tags) == MOST_TAGS:
            return False
        self.tags.append(name)
        return True

    def take_participant(self, token: str) -> bool:
        """The first code says who; a second stays where it stands, for the line is then about both."""
        code = _code_of(token)
        if code is None or self.participant not in {None, code}:
            return False
        self.participant = code
        return True

    def take_severity(self, token: str) -> bool:
        found = _SEVERITIES.get(token)
        if found is None:
            return False
        self.severity = max(found, self.severity or 0)
        return True


def _tag_of(token: str) -> str | None:
    """The path of `#tag`, `#tag/sub` or `#"two words"`; None for `#`, `#1`, `C#` and colours such as `#a1200f`."""
    found = _TAG.fullmatch(token)
    if found is None:
        return None
    quoted, plain = found.groups()
    steps = [step.strip() for step in (quoted or plain).split("/")]
    path = "/".join(step for step in steps if step)
    if not path or len(path.casefold()) > LONGEST_TAG or any(len(step) > LONGEST_TAG_STEP for step in steps):
        return None
    if path.count("/") >= DEEPEST_TAG or not _is_letter(path[0]):
        return None
    if quoted is None and (not all(_is_tag_sign(sign) for sign in path) or _is_colour(path)):
        return None
    return path


def _is_letter(sign: str) -> bool:
    return unicodedata.category(sign)[0] == "L"


def _is_tag_sign(sign: str) -> bool:
    return sign in "-_/" or unicodedata.category(sign)[0] in "LMN"


def _is_colour(name: str) -> bool:
    """Hex digits in a colour's length, with a number among them or in pairs as in #fff; #fee and #facade are words."""
    if len(name) not in _HEX_LENGTHS or not _HEX.fullmatch(name):
        return False
    if any(sign.isdigit() for sign in name):
        return True
    letters = name.lower()
    if len(name) <= _SHORT_HEX:
        return len(set(letters)) == 1
    return letters[::2] == letters[1::2]


def _code_of(token: str) -> str | None:
    """The participant's code of `@P3` or `@P-7K3Q`: it holds a digit or begins with `P-`, so that `@home` is a word."""
    found = _PARTICIPANT.fullmatch(token)
    if found is None:
        return None
    code = found[1].upper()
    is_code = code.startswith("P-") or any(sign.isdigit() for sign in code)
    return code if is_code and len(code) <= LONGEST_CODE else None


def _take_polarity(words: list[str]) -> int | None:
    """Takes a sign away that stands alone at the end or before the first word: `+ good`, `-bad`, `good +`, `bad -`.

    `- ` with a space begins a bullet, and `+44` or `-5` is a number; both stay.
    """
    if not words:
        return None
    first, last = words[0], words[-1]
    if first == "+" and len(words) > 1:
        words.pop(0)
        return 1
    if first[0] in _POLARITIES and _begins_a_word(first[1:]):
        words[0] = first[1:]
        return _POLARITIES[first[0]]
    if last in _POLARITIES:
        words.pop()
        return _POLARITIES[last]
    return None


def _begins_a_word(rest: str) -> bool:
    bare = rest.lstrip(_OPENING_QUOTES)
    return bool(bare) and _is_letter(bare[0])
