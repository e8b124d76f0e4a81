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
_DONE = r"\b(?:conducted|carried out|ran|held|did|completed)\b[^.\n]{0,60}"
_METHODS = tuple(
    (name, re.compile(pattern, re.IGNORECASE), re.compile(rf"{_DONE}(?:{pattern})", re.IGNORECASE))
    for name, pattern in METHODS
)
_HEAD_CHARACTERS = 20_000
_TITLE_WEIGHT, _DESCRIPTION_WEIGHT, _DONE_WEIGHT, _ENOUGH = 6, 3, 2, 2

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
_TOTAL = re.compile(rf"(?P<said>\btotal of )?{_NUMBER} {_BETWEEN}{_PEOPLE}\b(?(said)| in total)", re.IGNORECASE)
_COUNTS = tuple(
    re.compile(pattern, re.IGNORECASE | re.MULTILINE)
    for pattern in (
        rf"{_INVOLVED} (?:a total of |over |around |about )?{_NUMBER} {_BETWEEN}{_PEOPLE}\b",
        rf"{_NUMBER} {_BETWEEN}{_PEOPLE} (?:took part|participated|responded)",
        rf"^participants: {_NUMBER}$",
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
    """The method that title, description and text speak of most; None where one is only mentioned in passing."""
    head = words[:_HEAD_CHARACTERS]
    scores = [
        (
            _TITLE_WEIGHT * bool(pattern.search(title))
            + _DESCRIPTION_WEIGHT * bool(pattern.search(description))
            + len(pattern.findall(head))
            + _DONE_WEIGHT * bool(done.search(head)),
            name,
        )
        for name, pattern, done in _METHODS
    ]
    best, name = max(scores, key=lambda scored: scored[0])
    return name if best >= _ENOUGH else None


def participants_of(words: str) -> int | None:
    """How many people took part, where the text says so in one of the usual ways and names no other number.

    A total that is called one counts first. Ranges ("5 to 9"), shares ("4 of 6") and lines with several groups do not
    count, nor does a text with several studies: a wrong number is worse than none.
    """
    head = words[:_HEAD_CHARACTERS]
    totals = {_number(found) for found in _TOTAL.finditer(head)}
    numbers = totals or {_number(found) for pattern in _COUNTS for found in pattern.finditer(head)}
    if len(numbers) != 1 or (not totals and _names_groups(head)):
        return None
    return numbers.pop()


def _number(found: re.Match[str]) -> int:
    number = found["n"].lower()
    return _NUMBER_WORDS.get(number) or int(number.replace(",", ""))


def _names_groups(head: str) -> bool:
    """Whether the line of the first count holds other counts: which of them belong together is unsaid."""
    first = min((found.start() for pattern in _COUNTS for found in pattern.finditer(head)), default=0)
    line = head[head.rfind("\n", 0, first) + 1 :].partition("\n")[0]
    return len(_GROUP.findall(line)) > 1


def _squeezed(words: str) -> str:
    return words.lower().replace(" ", "")


def _names_a_section(name: str, heading: str) -> bool:
    """Whether the heading is a mere section's; where folder or file are called the same, it is the title after all."""
    same = heading.lower() in {readable_file_name(name).lower(), folder_name(name).lower()}
    return not same and bool(_SECTION_HEADING.fullmatch(heading))
