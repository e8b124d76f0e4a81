"""Which texts are no research: licences, templates, landing pages, placeholders. Each answer says why."""

import re
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath

from insights.core.text import Block

_PROJECT_FILES = {
    "license": "a licence",
    "licence": "a licence",
    "copying": "a licence",
    "notice": "a notice of rights",
    "contributing": "guidance for contributors",
    "changelog": "a change log",
    "code_of_conduct": "a code of conduct",
    "security": "a security policy",
    "codeowners": "a list of owners",
}
_LANDING_LAYOUTS = frozenset(("collection", "hub", "home", "index", "landing", "list", "tag", "tags"))
_FEWEST_WORDS_OF_A_PAGE = 60
_TEMPLATE = re.compile(r"(?:.*[\s_-])?template(?:[\s_-](?:page|post))?", re.IGNORECASE)
_PLACEHOLDER = re.compile(
    r"(?:coming soon|tb[acd]|to be (?:added|completed|confirmed|written)|work in progress|placeholder|todo)\W*",
    re.IGNORECASE,
)


def why_not_research(
    name: str, front_matter: Mapping[str, object], blocks: Sequence[Block], *, top_folder: bool
) -> str | None:
    """The reason why this text is no research, or None; `top_folder` is true in the imported folder itself."""
    path = PurePosixPath(name)
    stem = path.stem.lower()
    if stem in _PROJECT_FILES:
        return f"{_PROJECT_FILES[stem]}, not research"
    if stem == "readme" and top_folder:
        return "the README of the folder as a whole"
    if _TEMPLATE.fullmatch(path.stem) or _TEMPLATE.fullmatch(str(front_matter.get("title", ""))):
        return "a template to be filled in"
    return _why_a_page_of_the_site(front_matter, blocks) or _why_empty(front_matter, blocks)


def _why_a_page_of_the_site(front_matter: Mapping[str, object], blocks: Sequence[Block]) -> str | None:
    layout = str(front_matter.get("layout", "")).lower()
    landing = layout in _LANDING_LAYOUTS or "pagination" in front_matter
    if landing and _word_count(blocks) < _FEWEST_WORDS_OF_A_PAGE:
        return "a landing page: it lists other pages and has no content of its own"
    if layout == "page" and "eleventyNavigation" in front_matter:
        return "a page of guidance about the site, not a post"
    return None


def _why_empty(front_matter: Mapping[str, object], blocks: Sequence[Block]) -> str | None:
    if not any(block.number for block in blocks):
        return "it has no text below its front matter" if front_matter else "it has no text"
    words = " ".join(block.words for block in blocks if block.kind != "heading" and block.number)
    if not words:
        return "it has headings only, and no text under them"
    return f"a placeholder: “{words}”" if _PLACEHOLDER.fullmatch(words) else None


def _word_count(blocks: Sequence[Block]) -> int:
    return sum(len(block.words.split()) for block in blocks if block.kind != "heading")
