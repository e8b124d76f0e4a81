"""Findings, quotes, counted facts and recommendations that a report states already, each with its place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from insights.core.text import Block, reading_blocks
from insights.exchange.findings.found import Found
from insights.exchange.findings.sections import Part, part_of, part_of_title
from insights.exchange.findings.wording import (
    counts_in,
    first_sentence,
    is_about_people,
    is_counted,
    is_something_to_do,
    italic_alone,
    label_of,
    quotes_in,
    says_something,
    tells_the_method,
)
from insights.exchange.models import OfferKind

MOST_OFFERS = 500
_LONGEST_PASSAGE = 4_000
# A heading of so many words makes a claim by itself: "Users want to be sure they are using trustworthy data".
_CLAIM_WORDS = 5
_ONE_SENTENCE = 320


def find_offers(text: str, title: str = "") -> list[Found]:
    """At most five hundred, in the order of the text; `title` may be the document's title and file name together.

    Plans, scripts and guides give nothing. No two of one kind overlap. Takes time in proportion to the text.
    """
    whole = part_of_title(title)
    if whole is Part.NEITHER:
        return []
    walk = _Walk(whole)
    offers: list[Found] = []
    ends = dict.fromkeys(OfferKind, -1)
    claims: set[str] = set()
    for block in reading_blocks(text):
        for found in walk.take(block, text):
            # A summary above often says what the sections below say again.
            again = bool(found.claim) and _same(found.claim) in claims
            if found.start >= ends[found.kind] and found.end > found.start and not again:
                ends[found.kind] = found.end
                claims.add(_same(found.claim))
                offers.append(found)
        if len(offers) >= MOST_OFFERS:
            break
    return offers[:MOST_OFFERS]


@dataclass(slots=True)
class _Walk:
    """Where the walk stands: the headings above, what each announces, and whether the nearest one makes a claim."""

    whole: Part
    headings: list[tuple[int, Part, str]] = field(default_factory=list)
    under_claim: bool = False

    @property
    def part(self) -> Part:
        return self.headings[-1][1] if self.headings else Part.UNTOLD

    @property
    def section(self) -> str:
        return self.headings[-1][2] if self.headings else ""

    def take(self, block: Block, text: str) -> Iterator[Found]:
        if (
            block.number == 0
            or block.kind in {"code", "rule", "markup", "table_row"}
            or block.end - block.start > _LONGEST_PASSAGE
        ):
            return
        if block.kind == "heading":
            yield from self._heading(block, text)
            return
        yield from self._body(block, text)

    def _heading(self, block: Block, text: str) -> Iterator[Found]:
        while self.headings and self.headings[-1][0] >= block.level:
            self.headings.pop()
        above = self.headings[-1][1] if self.headings else self.whole
        told = part_of(block.words)
        first = not self.headings and told is Part.UNTOLD and block.level == 1
        part = told if told is not Part.UNTOLD else above
        claims = above is Part.FINDINGS and told in {Part.UNTOLD, Part.FINDINGS} and _makes_a_claim(block.words)
        if claims:
            part = Part.FINDINGS
        self.headings.append((block.level, self.whole if first else part, block.words))
        self.under_claim = claims
        if claims:
            start, end = _shown(block)
            yield _offer(OfferKind.INSIGHT, text, start, end, _above(self.headings), claim=first_sentence(block.words))

    def _body(self, block: Block, text: str) -> Iterator[Found]:
        source = text[block.start : block.end]
        label = label_of(source)
        if label is not None and says_something(block.words):
            kind = (
                OfferKind.RECOMMENDATION if label[0].startswith(("recommend", "suggest", "next")) else OfferKind.INSIGHT
            )
            start, end = block.start + label[1], _shown(block)[1]
            if start < end:
                yield _offer(kind, text, start, end, self.section, claim=first_sentence(_words(text[start:end])))
                return
        said = list(self._said(block, text, source))
        yield from said
        if self.part is Part.RECOMMENDATIONS:
            yield from self._to_do(block, text)
        elif self.part is Part.FINDINGS and not (said and _covers(said, block)):
            yield from self._finding(block, text, quoted=bool(said))
        elif self.part is Part.UNTOLD and not said and is_counted(block.words) and is_about_people(block.words):
            yield self._fact(block, text)

    def _said(self, block: Block, text: str, source: str) -> Iterator[Found]:
        """What somebody said, in the words they said it."""
        if self.part is Part.RECOMMENDATIONS or (self.part is Part.NEITHER and not block.speaker):
            return
        if (italics := italic_alone(source)) is not None and block.kind in {"item", "paragraph", "quote"}:
            yield self._quote(text, block.start + italics[0], block.start + italics[1], block.speaker or "")
            return
        quoted = list(quotes_in(source))
        if (
            block.kind == "quote"
            and not quoted
            and (block.speaker or self.part is Part.FINDINGS)
            and not source.startswith("> [!")
        ):
            start, end = _shown(block)
            yield self._quote(text, start, end, block.speaker or "")
            return
        for each in quoted:
            yield self._quote(
                text, block.start + each.start, block.start + each.end, each.speaker or block.speaker or ""
            )

    def _finding(self, block: Block, text: str, *, quoted: bool) -> Iterator[Found]:
        words = block.words
        if not says_something(words) or tells_the_method(words):
            return
        if self.under_claim or (block.kind == "item" and block.level > 1):
            # The claim is told above; what is counted below it is its evidence.
            if is_counted(words) and not quoted:
                yield self._fact(block, text)
            return
        if block.kind == "item" or (len(words) <= _ONE_SENTENCE and (is_about_people(words) or is_counted(words))):
            start, end = _shown(block)
            yield _offer(
                OfferKind.INSIGHT, text, start, end, self.section, claim=first_sentence(words), counts=counts_in(words)
            )
        elif is_counted(words) and not quoted:
            yield self._fact(block, text)

    def _to_do(self, block: Block, text: str) -> Iterator[Found]:
        words = block.words
        listed = block.kind == "item" and block.level == 1
        told = block.kind == "paragraph" and len(words) <= _ONE_SENTENCE and is_something_to_do(words)
        if says_something(words) and (listed or told):
            start, end = _shown(block)
            yield _offer(OfferKind.RECOMMENDATION, text, start, end, self.section, claim=first_sentence(words))

    def _quote(self, text: str, start: int, end: int, speaker: str) -> Found:
        return _offer(OfferKind.HIGHLIGHT, text, start, end, self.section, speaker=speaker)

    def _fact(self, block: Block, text: str) -> Found:
        start, end = _shown(block)
        return _offer(OfferKind.HIGHLIGHT, text, start, end, self.section, counts=counts_in(block.words))


def _offer(
    kind: OfferKind,
    text: str,
    start: int,
    end: int,
    section: str,
    *,
    claim: str = "",
    speaker: str = "",
    counts: tuple[str, ...] = (),
) -> Found:
    chosen = text[start:end]
    first = start + len(chosen) - len(chosen.lstrip())
    last = first + len(chosen.strip())
    return Found(kind, first, last, text[first:last], claim, section, speaker[:80], counts)


def _shown(block: Block) -> tuple[int, int]:
    """Where the words of a block begin and end, without the signs of lists and headings around them."""
    seen = [run for run in block.runs if not run.hidden and run.text.strip()]
    return (seen[0].start, seen[-1].end) if seen else (block.start, block.end)


def _makes_a_claim(words: str) -> bool:
    plain = words.strip().lstrip("0123456789.) ")
    return len(plain.split()) >= _CLAIM_WORDS and says_something(plain) and not plain.istitle()


def _covers(said: list[Found], block: Block) -> bool:
    """Whether the block is little more than what was said."""
    start, end = _shown(block)
    return 2 * sum(each.end - each.start for each in said) >= end - start


def _above(headings: list[tuple[int, Part, str]]) -> str:
    return headings[-2][2] if len(headings) > 1 else ""


def _same(claim: str) -> str:
    return "".join(char for char in claim.casefold() if char.isalnum())


def _words(passage: str) -> str:
    return " ".join(block.words for block in reading_blocks(passage))
