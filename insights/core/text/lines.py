"""Markdown's block structure, line by line: what kind of block a line belongs to and which of its signs are markup."""

import re
from dataclasses import dataclass, field
from typing import Literal

from insights.core.text.tags import BLOCK_TAG_START, OPENING_BLOCK_TAG

Kind = Literal["heading", "paragraph", "item", "quote", "table_row", "code", "rule", "markup"]
Span = tuple[int, int]


@dataclass(slots=True)
class RoughBlock:
    """A block before its inline markup is read; `markup` are the spans of its block signs, in order."""

    kind: Kind
    level: int
    start: int
    end: int
    markup: list[Span] = field(default_factory=list)


def rough_blocks(text: str) -> list[RoughBlock]:
    """The blocks of the text in order; between them stands nothing but white space."""
    return _Cutter(text).cut()


_BLANK = re.compile(r"\s*\Z")
_QUOTE = re.compile(r"[^\S\n]*(>[ \t]?(?:[ \t]*>[ \t]?)*)")
_ITEM = re.compile(r"([^\S\n]*)((?:[-*+•]|\d{1,9}[.)])(?:[ \t]+|(?=\Z)))")
_HEADING = re.compile(r"[ \t]{0,3}(#{1,6}(?:[ \t]+|(?=\Z)))")
_CLOSING_HASHES = re.compile(r"[ \t]#+[ \t]*\Z")
_RULE = re.compile(r"[ \t]*(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,})\Z")
_UNDERLINE = re.compile(r"[ \t]{0,3}(?:(=+)|-+)[ \t]*\Z")
_FENCE = re.compile(r"[ \t]*(`{3,}(?=[^`\n]*\Z)|~{3,})")
_ALERT = re.compile(r"\[![A-Za-z]{1,20}\][ \t]*")
_DEFINITION = re.compile(
    r"[ \t]{0,3}\[[^\[\]\n]{1,200}\]:[ \t]*<?(?:[A-Za-z][\w+.-]*://|mailto:|\.{0,2}/|#)\S*(?:[ \t]+[\"'(][^\n]*)?\Z"
)
_FOOTNOTE = re.compile(r"[ \t]{0,3}(\[\^[^\[\]\s]{1,80}\]:[ \t]*)")
_TABLE_OF_CONTENTS = re.compile(r"[ \t]*\[\[[ \t]*toc[ \t]*\]\][ \t]*\Z", re.IGNORECASE)
_PIPE = re.compile(r"(?<!\\)\|")
_CODE_INDENT = re.compile(r" {4}|[ ]{0,3}\t")
_CLOSERS = {"<!--": "-->", "{{": "}}", "{%": "%}", "{#": "#}"}
_LONGEST_TEMPLATE_TAG = 4_000
_TAB = 4


class _Cutter:
    def __init__(self, text: str) -> None:
        self.text = text
        self.blocks: list[RoughBlock] = []
        self.open: RoughBlock | None = None
        self.indents: list[int] = []
        self.position = 0
        self.never_closed: set[str] = set()

    def cut(self) -> list[RoughBlock]:
        while self.position < len(self.text):
            start, end = self.position, self._line_end(self.position)
            self.position = end + 1
            if _BLANK.match(self.text, start, end):
                self.open = None
            else:
                self._take(start, end)
        for block in self.blocks:
            _trim(self.text, block)
        return self.blocks

    def _take(self, start: int, end: int) -> None:
        """Give the line to the first rule that knows it; the order is CommonMark's."""
        known = (
            self._template_or_comment(start, end)
            or self._fence(start, end)
            or self._indented_code(start, end)
            or self._underline(start, end)
            or self._rule(start, end)
            or self._quotation(start, end)
            or self._heading(start, end)
            or self._table(start, end)
            or self._item(start, end)
            or self._definition(start, end)
            or self._html(start, end)
        )
        if not known:
            self._paragraph(start, end)

    def _template_or_comment(self, start: int, end: int) -> bool:
        """Comments and template tags, over several lines too, are hidden where they stand alone."""
        first = _first_word(self.text, start, end)
        opener = next((sign for sign in _CLOSERS if self.text.startswith(sign, first)), None)
        if opener is None or (close := self._close_of(opener, first)) < 0:
            return False
        if close <= end and not _BLANK.match(self.text, close, end):
            return False
        self._add("markup", 0, first, close, [(first, close)])
        self.open = None
        if close > end:
            self.position = close
        return True

    def _close_of(self, opener: str, first: int) -> int:
        """Where the tag opened at `first` is closed, or -1. An unclosed comment is looked for once only."""
        if opener in self.never_closed:
            return -1
        comment = opener == "<!--"
        limit = len(self.text) if comment else min(len(self.text), first + _LONGEST_TEMPLATE_TAG)
        close = self.text.find(_CLOSERS[opener], first + len(opener), limit)
        if close < 0:
            if comment:
                self.never_closed.add(opener)
            return -1
        return close + len(_CLOSERS[opener])

    def _fence(self, start: int, end: int) -> bool:
        found = _FENCE.match(self.text, start, end)
        if not found:
            return False
        closing = re.compile(rf"[ \t]*{re.escape(found[1][0])}{{{len(found[1])},}}[ \t]*\Z")
        block = self._add("code", 0, start, end, [(start, min(end + 1, len(self.text)))])
        self.open = None
        while self.position < len(self.text):
            line, block.end = self.position, self._line_end(self.position)
            self.position = block.end + 1
            if closing.match(self.text, line, block.end):
                block.markup.append((line, block.end))
                break
        return True

    def _indented_code(self, start: int, end: int) -> bool:
        if self.open is not None or self.indents or not _CODE_INDENT.match(self.text, start, end):
            return False
        last = self.blocks[-1] if self.blocks else None
        if last and last.kind == "code" and not last.markup and self.text[last.end : start].isspace():
            last.end = end
        else:
            self._add("code", 0, start, end)
        return True

    def _underline(self, start: int, end: int) -> bool:
        """A line of = or - makes the paragraph above a heading; a line of = under nothing is an idle sign."""
        found = _UNDERLINE.match(self.text, start, end)
        if not found:
            return False
        if self.open is not None and self.open.kind == "paragraph":
            self.open.kind, self.open.level = "heading", 1 if found[1] else 2
            self._hide_hashes(self.open)
            self.open.markup.append((start, end))
            self.open.end = end
        elif found[1]:
            self._add("rule", 0, start, end, [(start, end)])
        else:
            return False
        self.open = None
        return True

    def _hide_hashes(self, block: RoughBlock) -> None:
        """`#Title` is no heading in CommonMark for want of a space, but underlined it is one with needless signs."""
        after = block.start
        while after < block.end and self.text[after] == "#":
            after += 1
        if after > block.start and (not block.markup or block.markup[0][0] > block.start):
            block.markup.insert(0, (block.start, after))

    def _rule(self, start: int, end: int) -> bool:
        if not _RULE.match(self.text, start, end):
            return False
        self._add("rule", 0, start, end, [(start, end)])
        self.open = None
        return True

    def _quotation(self, start: int, end: int) -> bool:
        """Lines of one quotation are one block, so that an attribution stays with its words."""
        found = _QUOTE.match(self.text, start, end)
        if not found:
            return False
        depth = found[1].count(">")
        sign = found.span(1)
        if heading := _HEADING.match(self.text, sign[1], end):
            self._add("heading", len(heading[1].strip()), sign[0], end, [(sign[0], heading.end())])
            self.open = None
            return True
        mark = _ALERT.match(self.text, sign[1], end)
        item = _ITEM.match(self.text, sign[1], end)
        hidden = (sign[0], (mark or item or found).end())
        if self.open and self.open.kind == "quote" and self.open.level == depth and not (item or mark):
            self.open.markup.append((start, hidden[1]))
            self.open.end = end
        else:
            self.open = self._add("quote", depth, sign[0], end, [hidden])
        if mark or _BLANK.match(self.text, hidden[1], end):
            self.open = None
        return True

    def _heading(self, start: int, end: int) -> bool:
        found = _HEADING.match(self.text, start, end)
        if not found:
            return False
        markup = [found.span(1)]
        closing = _CLOSING_HASHES.search(self.text, max(found.end(), end - 100), end)
        if closing:
            markup.append((closing.start(), end))
        self._add("heading", len(found[1].strip()), found.start(1), end, markup)
        self.open = None
        self.indents.clear()
        return True

    def _table(self, start: int, end: int) -> bool:
        """A line with bars above a line of dashes and bars begins a table; each line with bars after it is a row."""
        below, below_end = end + 1, self._line_end(min(end + 1, len(self.text)))
        dashes = self.text[below:below_end]
        if "|" not in self.text[start:end] or "|" not in dashes or "-" not in dashes or set(dashes) - set("|:- \t"):
            return False
        self._add("table_row", 1, start, below_end, [*self._pipes(start, end), (end, below_end)])
        self.position = below_end + 1
        self.open = None
        while self.position < len(self.text):
            row, row_end = self.position, self._line_end(self.position)
            if "|" not in self.text[row:row_end]:
                break
            self._add("table_row", 0, row, row_end, self._pipes(row, row_end))
            self.position = row_end + 1
        return True

    def _pipes(self, start: int, end: int) -> list[Span]:
        return [found.span() for found in _PIPE.finditer(self.text, start, end)]

    def _item(self, start: int, end: int) -> bool:
        found = _ITEM.match(self.text, start, end)
        if not found:
            return False
        indent = len(found[1].expandtabs(_TAB))
        while self.indents and self.indents[-1] > indent:
            self.indents.pop()
        if not self.indents or indent > self.indents[-1] + 1:
            self.indents.append(indent)
        self.open = self._add("item", len(self.indents), found.start(2), end, [found.span(2)])
        return True

    def _definition(self, start: int, end: int) -> bool:
        """Targets of reference links and the table of contents' place show nothing; a footnote shows its words."""
        if _DEFINITION.match(self.text, start, end) or _TABLE_OF_CONTENTS.match(self.text, start, end):
            self._add("markup", 0, start, end, [(start, end)])
            self.open = None
            return True
        if footnote := _FOOTNOTE.match(self.text, start, end):
            self.open = self._add("paragraph", 0, footnote.start(1), end, [footnote.span(1)])
            return True
        return False

    def _html(self, start: int, end: int) -> bool:
        """A line of HTML is cut where block tags open, so that a table on one line is not one endless paragraph."""
        first = _first_word(self.text, start, end)
        if not BLOCK_TAG_START.match(self.text, first, end):
            return False
        begin, name = first, ""
        for tag in OPENING_BLOCK_TAG.finditer(self.text, first, end):
            if tag.start() > begin:
                self._add(*_kind_of_tag(name), begin, tag.start())
            begin, name = tag.start(), tag[1].lower()
        self.open = self._add(*_kind_of_tag(name), begin, end)
        return True

    def _paragraph(self, start: int, end: int) -> None:
        """A plain line continues what is open (CommonMark's lazy continuation), else it begins a paragraph."""
        if self.open is not None:
            self.open.end = end
            return
        if not self.text[start].isspace():
            self.indents.clear()
        self.open = self._add("paragraph", len(self.indents), start, end)

    def _add(self, kind: Kind, level: int, start: int, end: int, markup: list[Span] | None = None) -> RoughBlock:
        block = RoughBlock(kind, level, start, end, markup or [])
        self.blocks.append(block)
        return block

    def _line_end(self, start: int) -> int:
        end = self.text.find("\n", start)
        return len(self.text) if end < 0 else end


_KIND_OF_TAG: dict[str, tuple[Kind, int]] = {"tr": ("table_row", 0), "li": ("item", 1), "blockquote": ("quote", 1)}


def _kind_of_tag(name: str) -> tuple[Kind, int]:
    """The kind and level of the block that a tag opens; h1 to h6 are headings of their number."""
    if name.startswith("h"):
        return "heading", int(name[1])
    return _KIND_OF_TAG.get(name, ("paragraph", 0))


def _first_word(text: str, start: int, end: int) -> int:
    while start < end and text[start].isspace():
        start += 1
    return start


def _trim(text: str, block: RoughBlock) -> None:
    """White space around a block belongs to no block; signs that were cut with it shrink."""
    while block.end > block.start and text[block.end - 1].isspace():
        block.end -= 1
    if block.kind != "code":
        block.start = _first_word(text, block.start, block.end)
    clipped = ((max(start, block.start), min(end, block.end)) for start, end in block.markup)
    block.markup = [(start, end) for start, end in clipped if start < end]
