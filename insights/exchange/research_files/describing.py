"""What a research text says about itself: its title and, as guesses, how it was done and with how many people."""

import re
from collections.abc import Mapping, Sequence

from insights.core.text import Block
from insights.exchange.research_files.names import folder_name, readable_file_name

METHODS: tuple[tuple[str, str], ...] = (
    ("usability test", r"usability[ -](?:test|session|stud)|user testing"),
    ("card sort", r"card[ -]sort"),
    ("tree test", r"tree[ -]test"),
    ("accessibility audit", r"accessibility audit|audit of .{0,40}accessib"),
    ("diary study", r"diary (?:stud|task|entr)"),
    ("focus group", r"focus groups?"),
    ("pop-up research", r"pop-?up (?:research|testing|session)|guerr?illa"),
    ("contextual inquiry", r"contextual (?:inquir|enquir)|shadowing|(?:field|home) visit"),
    ("survey", r"surveys?\b|questionnaire"),
    ("workshop", r"workshops?\b|co-?design|design sprint"),
    ("analytics review", r"google analytics|(?:web|site) analytics|analytics (?:data|review|report)"),
    ("desk research", r"desk research|literature review"),
    ("interview", r"interview"),
)
_METHODS = tuple((name, re.compile(pattern, re.IGNORECASE)) for name, pattern in METHODS)
_HEAD_CHARACTERS = 20_000
_TITLE_WEIGHT, _DESCRIPTION_WEIGHT, _ENOUGH = 6, 3, 2

# Headings that name a section, not the document: a file that starts with one has no title of its own.
_SECTION_HEADING = re.compile(
    r"(?:project )?(?:background|goals?|overview|introduction|intro|context|summary|purpose|objectives?|contents"
    r"|table of contents|findings|results|methods?|participants?|hypothes[ie]s tested|user types|next steps"
    r"|(?:research|study|test) goals?|who we (?:interviewed|talked to)"
    r"|what we (?:tested|wanted to learn|did|learned|learnt)"
    r"|methods and participants|goals and questions)\b(?:/[\w ]{1,40})?\W*(?:[\[(].{0,40}[\])])?\W*",
    re.IGNORECASE,
)
_KIND_HEADING = re.compile(r"(?:interview|study|discussion|moderator'?s?) (?:guide|script)", re.IGNORECASE)

_NUMBER_WORDS = {
    word: number
    for number, word in enumerate(
        ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"), 1
    )
}
_NUMBER = rf"(?<![\d–-])(?P<n>\d{{1,3}}(?:,\d{{3}})?|{'|'.join(_NUMBER_WORDS)})"
_PEOPLE = r"(?:participants|people|users|respondents|interviewees|parents|nurses|clinicians|mammographers|adults)"
_BETWEEN = r"(?:(?!(?:to|of|out|or|in|and|minute|minutes|hour|different|groups?|sites?)\b)[a-z’'-]+ ){0,3}"
_INVOLVED = (
    r"\b(?:with|had|have|interviewed|recruited|involved|tested|surveyed|observed|spoken? (?:to|with)"
    r"|talked (?:to|with)|survey of|total of|responses from)"
)
_GROUP = re.compile(rf"{_NUMBER} {_BETWEEN}{_PEOPLE}\b", re.IGNORECASE)
_COUNTS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_INVOLVED} (?:a total of |over |around |about )?{_NUMBER} {_BETWEEN}{_PEOPLE}\b",
        rf"{_NUMBER} {_BETWEEN}{_PEOPLE} (?:in total|took part|participated|responded)",
        rf"\bout of {_NUMBER} participants\b",
        rf"\b(?:conducted|held|ran|completed|did) {_NUMBER} {_BETWEEN}(?:interviews|sessions)\b",
    )
)


def title_of(name: str, front_matter: Mapping[str, object], blocks: Sequence[Block]) -> tuple[str, bool]:
    """The title, and whether it had to be made up from names because the text has none of its own."""
    written = front_matter.get("title")
    if isinstance(written, str) and written.strip():
        return " ".join(written.split()), False
    heading = next((block.words for block in blocks if block.kind == "heading" and block.words), "")
    if heading and not _KIND_HEADING.match(heading) and not _names_a_section(name, heading):
        return heading, False
    base = heading if _KIND_HEADING.match(heading) else readable_file_name(name)
    study = folder_name(name)
    worth_adding = study and _squeezed(study) not in _squeezed(base) and " - " not in base
    return (f"{base}, {study}" if worth_adding else base), True


def method_of(title: str, description: str, words: str) -> str | None:
    """The method that title, description and text speak of most, or None where none is named twice."""
    head = words[:_HEAD_CHARACTERS]
    scores = [
        (
            _TITLE_WEIGHT * bool(pattern.search(title))
            + _DESCRIPTION_WEIGHT * bool(pattern.search(description))
            + len(pattern.findall(head)),
            name,
        )
        for name, pattern in _METHODS
    ]
    best, name = max(scores, key=lambda scored: scored[0])
    return name if best >= _ENOUGH else None


def participants_of(words: str) -> int | None:
    """How many people took part, where the text says so in one of the usual ways; ranges and shares do not count.

    Nor does a line with several numbers of people: those are groups, and which of them belong together is unsaid.
    """
    head = words[:_HEAD_CHARACTERS]
    found = [match for pattern in _COUNTS if (match := pattern.search(head))]
    if not found:
        return None
    first = min(found, key=lambda match: match.start())
    line = head[head.rfind("\n", 0, first.start()) + 1 :].partition("\n")[0]
    if len(_GROUP.findall(line)) > 1:
        return None
    number = first["n"].lower()
    return _NUMBER_WORDS.get(number) or int(number.replace(",", ""))


def _squeezed(words: str) -> str:
    return words.lower().replace(" ", "")


def _names_a_section(name: str, heading: str) -> bool:
    """Whether the heading is a mere section's; where folder or file are called the same, it is the title after all."""
    same = heading.lower() in {readable_file_name(name).lower(), folder_name(name).lower()}
    return not same and bool(_SECTION_HEADING.fullmatch(heading))
