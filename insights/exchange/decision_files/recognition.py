"""Files that lie among decisions and are none: templates, index pages, READMEs, licences, guides."""

import re
from collections.abc import Sequence
from pathlib import PurePosixPath

from insights.exchange.decision_files.documents import NotADecision
from insights.exchange.decision_files.labels import plain_label
from insights.exchange.decision_files.markdown_blocks import Block
from insights.exchange.decision_files.titles import is_placeholder

_TEMPLATE_WORDS = frozenset(
    {"adr", "adrs", "madr", "template", "templates", "bare", "minimal", "full", "short", "long", "simple",
     "example", "record", "decision", "architecture", "architectural", "nygard", "rfc"}
)  # fmt: skip
_INDEX_NAMES = frozenset(
    {"index", "summary", "toc", "contents", "table-of-contents", "overview", "_index", "changelog"}
)
_LICENCE = re.compile(r"licen[cs]e|copying|notice", re.IGNORECASE)
_NUMBERED = re.compile(r"[0-9]{1,5}(?![0-9a-z])|.*\badr\b", re.IGNORECASE)
_HOME_OF_DECISIONS = re.compile(r"(?:^|[-_ ])(?:adrs?|decisions?|decision-records?)(?:$|[-_ ])", re.IGNORECASE)
_LINK_TO_FILE = re.compile(r"\]\([^()\s]*\.(?:md|rst|markdown)(?:#[^()\s]*)?\)")
_FEWEST_LINKS = 3


def recognise_by_name(name: str, text: str) -> NotADecision | None:
    """What the name and the mere presence of text tell."""
    stem = PurePosixPath(name).stem
    if not text.strip():
        return NotADecision(name, "empty", "The file is empty.")
    if _LICENCE.match(stem):
        return NotADecision(name, "licence", "By its name this is a licence.")
    if stem.casefold() == "readme":
        return NotADecision(name, "readme", "By its name this is a README.")
    if stem.casefold() in _INDEX_NAMES:
        return NotADecision(name, "index", "By its name this is an index page.")
    words = {word for word in re.split(r"[^a-z]+", stem.casefold()) if word}
    if words & {"template", "templates"} and words <= _TEMPLATE_WORDS:
        return NotADecision(name, "template", "By its name this is a template for decisions.")
    return None


def recognise_by_heading(name: str, blocks: Sequence[Block]) -> NotADecision | None:
    """Templates known by their title: it is a gap to fill in, or says "template" as the end of the name does."""
    heading = next((block.heading.text for block in blocks if block.heading and block.heading.level == 1), "")
    if heading and is_placeholder(heading):
        return NotADecision(name, "template", "Its title is a placeholder, so this is a template.")
    named = PurePosixPath(name).stem.casefold().endswith("template")
    if named and re.search(r"\b(?:decision record|adr|madr) template$", plain_label(heading)):
        return NotADecision(name, "template", "Its name and its title say that this is a template.")
    return None


def recognise_without_parts(name: str, text: str) -> NotADecision | None:
    """A file with neither status nor date nor any heading of a decision: taken as one only where its place says so."""
    lines = [line for line in text.split("\n") if line.strip()]
    links = sum(1 for line in lines if _LINK_TO_FILE.search(line))
    if links >= _FEWEST_LINKS and links * 2 >= len(lines):
        return NotADecision(name, "index", "It holds hardly more than links to other files, so this is an index page.")
    path = PurePosixPath(name)
    if _NUMBERED.match(path.stem) or _HOME_OF_DECISIONS.search(path.parent.name):
        return None
    why = "It has no status, no date and none of the headings of a decision. If it is one, add “## Decision Outcome”."
    return NotADecision(name, "other text", why)
