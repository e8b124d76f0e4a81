"""How findings, quotes and counts are worded in research reports."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

LONGEST_CLAIM = 500
_FEWEST_WORDS = 4
_FEWEST_QUOTED = 5

_PEOPLE = (
    r"users?|participants?|people|person|parents?|staff|nurses?|clinicians?|patients?|respondents?|testers?|grantees?"
    r"|teams?|mammographers?|analysts?|specialists?|admins?|applicants?|visitors?|schools?|carers?|children|men|women"
    r"|folks|interviewees?|colleagues|developers?|organi[sz]ations?|states?|tribes?|STTs?|GPs?|they|everyone|everybody"
    r"|nobody|no one"
)
_ABOUT_PEOPLE = re.compile(rf"\b(?:{_PEOPLE})\b", re.IGNORECASE)
_WORD_NUMBER = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
_HEARD = "participants|users|respondents|people|parents|testers|interviewees"
_SHARE = (
    rf"(?<![/\d])\b(?:\d{{1,4}}|{_WORD_NUMBER})\s*(?:/|(?:out )?of(?: the)?)\s*(?:\d{{1,4}}|{_WORD_NUMBER})\b(?!\s*/)"
    r"|\b\d{1,3}(?:\.\d+)?\s?(?:%|per ?cent)(?!\w)"
)
_COUNTED = re.compile(_SHARE, re.IGNORECASE)
_COUNT = re.compile(
    rf"{_SHARE}|\b(?:all|none|both|most|half|\d{{1,4}}|{_WORD_NUMBER}) (?:of (?:the |our )?)?(?:{_HEARD})\b",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"“([^“”\"\n]{12,2000}?)”|(?<![\w=])\"([^\"\n]{12,2000}?)\"(?!\w)")
_SPEAKER_AFTER = re.compile(
    r"\s*[-–—(]{1,3}\s*((?:P|Participant|User|Tester)[ -]?\d{1,3}|[A-Z][\w .,’'-]{1,60})\)?\s*$"
)
_ITALIC_ALONE = re.compile(r"\s*(?:[-*+•]\s+|\d+[.)]\s+)?(_|\*)(?!\1)(.{12,}?)\1\s*\Z", re.DOTALL)
_ORDINAL = re.compile(r"^(?:\d{1,2}|[A-Za-z])[.)]\s+")
_SENTENCE_END = re.compile(r"(?<!\bvs\.)(?<!e\.g\.)(?<!i\.e\.)(?<!etc\.)(?<=[.!?])[\"”’)]*\s+(?=[A-Z“\"(])")
_LABELLED = re.compile(
    r"\s*(?:[-*+•]\s+)?(?:\*\*|__|_|\*)?"
    r"(recommendation|suggested change|suggestion|next step|finding|insight|observation|key takeaway)s?"
    r"(?:\*\*|__|_|\*)?\s*:(?:\*\*|__|_|\*)?\s*",
    re.IGNORECASE,
)
_DO = (
    "add remove change make use put consider include implement explore test provide create allow show improve revisit "
    "decide keep move rename update investigate continue review design build find give simplify clarify ensure conduct "
    "work start send replace reduce offer highlight avoid don’t don't do look develop define iterate share document "
    "write try link label fix"
)
_HOW_IT_WAS_DONE = re.compile(
    r"(?:(?:in|over|during|between|for) [^,.]{3,60}, )?(?:we|the team|i) (?:also |then )?"
    r"(?:met|interviewed|spoke|talked|tested|conducted|ran|recruited|visited|held|showed|asked|tried|took|created"
    r"|wanted|selected|used|carried out|reached out)\b",
    re.IGNORECASE,
)
_WILL_DO = re.compile(
    r"(?:(?:we|the team)(?:’ll|'ll| will| plan| need| should| could| want| intend| are going|[’']re going| might)"
    rf"|{'|'.join(map(re.escape, _DO.split()))})\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Quoted:
    """Words in quotation marks at [start, end) of the passage, without the marks."""

    start: int
    end: int
    speaker: str


def says_something(words: str) -> bool:
    """Whether it is a statement at all: four words and more, no question, no line that leads a list in."""
    shouted = not any(char.islower() for char in words)
    return len(words.split()) >= _FEWEST_WORDS and not words.rstrip().endswith(("?", ":")) and not shouted


def is_about_people(words: str) -> bool:
    return bool(_ABOUT_PEOPLE.search(words))


def tells_the_method(words: str) -> bool:
    """'We interviewed six people': what was done, not what was found."""
    return bool(_HOW_IT_WAS_DONE.match(words.strip()))


def is_something_to_do(words: str) -> bool:
    return bool(_WILL_DO.match(words.strip()))


def counts_in(words: str) -> tuple[str, ...]:
    """Figures of people as they are written: '5 of 6', '45 %', 'all participants'."""
    return tuple(" ".join(found[0].split()) for found in _COUNT.finditer(words))


def is_counted(words: str) -> bool:
    """Whether it tells how many of how many, in figures or words."""
    return bool(_COUNTED.search(words))


def quotes_in(passage: str) -> Iterator[Quoted]:
    for found in _QUOTED.finditer(passage):
        group = 1 if found[1] is not None else 2
        if len(found[group].split()) >= _FEWEST_QUOTED:
            after = _SPEAKER_AFTER.match(passage[found.end() :].split("\n", 1)[0])
            yield Quoted(found.start(group), found.end(group), after[1].strip() if after else "")


def italic_alone(source: str) -> tuple[int, int] | None:
    """The words of a passage that is set in italics as a whole, the way some reports set what was said."""
    found = _ITALIC_ALONE.match(source)
    return None if found is None or found[1] * 2 in source[found.start(2) - 2 : found.start(2)] else found.span(2)


def label_of(source: str) -> tuple[str, int] | None:
    """('recommendation', where the words begin) for 'Recommendation: ...'; None without such a label."""
    found = _LABELLED.match(source)
    return None if found is None else (found[1].casefold(), found.end())


def first_sentence(words: str) -> str:
    """The first sentence on one line, cut at a word where it is longer than a claim may be."""
    line = _ORDINAL.sub("", " ".join(words.split()))
    sentence = _SENTENCE_END.split(line, maxsplit=1)[0]
    if len(sentence) <= LONGEST_CLAIM:
        return sentence
    return sentence[: LONGEST_CLAIM - 1].rsplit(" ", 1)[0] + "…"
