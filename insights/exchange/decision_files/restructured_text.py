"""reStructuredText brought into Markdown: headings and blocks of code; everything else stays as it is written."""

import re
from collections.abc import Sequence

from insights.exchange.decision_files.markdown_blocks import fenced, heading_line

_ADORNMENT = re.compile(r"([!-/:-@\[-`{-~])\1{2,}[ \t]*$")
_CODE = re.compile(r"(?P<indent>[ \t]*)\.\. (?:code-block|code|sourcecode)::[ \t]*(?P<language>[\w+-]*)[ \t]*$")
_MARKDOWN_HEADING = re.compile(r"( {0,3})(#{1,6}[ \t])")


def to_markdown(text: str) -> str:
    """Underlines get levels in the order they first appear, as in docutils (an overline is a style of its own).

    Every line keeps its number, so that a note about the Markdown is also one about the file.
    """
    lines = text.split("\n")
    styles: list[str] = []
    written: list[str] = []
    position = 0
    while position < len(lines):
        used, converted = _convert_at(lines, position, styles)
        written += converted
        position += used
    return "\n".join(written)


def _convert_at(lines: Sequence[str], position: int, styles: list[str]) -> tuple[int, list[str]]:
    if _starts_paragraph(lines, position):
        for at, overlined in ((position + 1, True), (position, False)):
            style = _style(lines, at, overlined=overlined)
            if style:
                level = _level(style, styles)
                heading = heading_line(level, lines[at].strip())
                return (3, ["", heading, ""]) if overlined else (2, [heading, ""])
    match = _CODE.match(lines[position])
    if match and not match["indent"]:
        return _code_block(lines, position, match["language"])
    if _MARKDOWN_HEADING.match(lines[position]):
        return 1, [_MARKDOWN_HEADING.sub(r"\1\\\2", lines[position], count=1)]
    return 1, [lines[position]]


def _starts_paragraph(lines: Sequence[str], position: int) -> bool:
    return position == 0 or not lines[position - 1].strip()


def _style(lines: Sequence[str], at: int, *, overlined: bool) -> str:
    """The style of the title on line `at`, empty where there is none. It must be underlined to its full length."""
    if at + 1 >= len(lines) or not lines[at].strip() or _ADORNMENT.match(lines[at]):
        return ""
    under = _ADORNMENT.match(lines[at + 1])
    if not under or len(lines[at + 1].rstrip()) < len(lines[at].strip()):
        return ""
    if overlined:
        return "over" + under[1] if lines[at - 1].rstrip() == lines[at + 1].rstrip() else ""
    return under[1] if not lines[at][0].isspace() else ""


def _level(style: str, styles: list[str]) -> int:
    if style not in styles:
        styles.append(style)
    return styles.index(style) + 1


def _code_block(lines: Sequence[str], position: int, language: str) -> tuple[int, list[str]]:
    """The indented lines under the directive; where there are none, or options among them, the directive stays."""
    end = position + 1
    while end < len(lines) and (not lines[end].strip() or lines[end][0].isspace()):
        end += 1
    body = list(lines[position + 1 : end])
    while body and not body[-1].strip():
        body.pop()
    if not body or body[0].strip():
        return 1, [lines[position]]
    texts = [line for line in body if line.strip()]
    indent = min(len(line) - len(line.lstrip()) for line in texts)
    code = "\n".join(line[indent:] for line in body).strip("\n")
    written = fenced(code, language).split("\n")
    return 1 + len(body), written + [""] * (1 + len(body) - len(written))
