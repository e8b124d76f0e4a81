"""How much of what a researcher would take from a report is offered, and how much of what is offered they would take.

A hand-marked sample (findings_sample.yaml) beside the naive way: every list item under a heading with 'finding',
'result' or 'learn' is an insight, every block quotation a quote. A find counts where the kind is the same and the
passage begins with the words that were marked, or the marked words stand within its first sentence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import yaml

from insights.core.text import canonical_text, reading_blocks, split_front_matter
from insights.exchange.findings import find_offers

HERE = Path(__file__).parent
DATA = HERE.parents[1] / "shared" / "data"
KINDS = ("insight", "highlight", "recommendation")
Found = tuple[str, str]
_HEAD = 120


def main() -> None:
    if not DATA.is_dir():
        print("findings: not run, the given data are not beside this checkout")
        return
    sample: list[dict[str, Any]] = yaml.safe_load((HERE / "findings_sample.yaml").read_text("utf-8"))
    print(f"{'half':9} {'kind':15} {'marked':>6}   {'ours: precision, recall, F1':30} naive: precision, recall, F1")
    for half in ("develop", "held_out"):
        files = [each for each in sample if each["half"] == half]
        for kind in (*KINDS, "all"):
            ours, naive = (_figures(files, kind, way) for way in (_ours, _naive))
            print(f"{half:9} {kind:15} {ours[3]:6}   {_told(ours):30} {_told(naive)}")


def _figures(
    files: Iterable[dict[str, Any]], kind: str, way: Callable[[str, str], list[Found]]
) -> tuple[float, float, float, int]:
    hits = offered = marked = 0
    for each in files:
        path = DATA / each["file"]
        body = split_front_matter(canonical_text(path.read_text("utf-8"))).body
        wanted = [(name, words) for name in KINDS for words in each.get(name, ()) if kind in {name, "all"}]
        found = [one for one in way(body, f"{path.parent.name} {path.name}") if kind in {one[0], "all"}]
        hits += sum(any(_same(one, want) for one in found) for want in wanted)
        offered, marked = offered + len(found), marked + len(wanted)
    precision, recall = hits / offered if offered else 1.0, hits / marked if marked else 1.0
    return precision, recall, 2 * precision * recall / (precision + recall or 1), marked


def _same(found: Found, wanted: Found) -> bool:
    return found[0] == wanted[0] and _plain(wanted[1]) in _plain(found[1])[:_HEAD]


def _plain(words: str) -> str:
    return re.sub(r"[\W_]+", " ", words).casefold().strip()


def _ours(body: str, title: str) -> list[Found]:
    return [(each.kind.value, each.exact) for each in find_offers(body, title)]


def _naive(body: str, _title: str) -> list[Found]:
    tells, found = False, []
    for block in reading_blocks(body):
        if block.kind == "heading":
            tells = bool(re.search("finding|result|learn", block.words, re.IGNORECASE)) or (tells and block.level > 1)
        elif block.kind == "item" and tells:
            found.append(("insight", block.words))
        elif block.kind == "quote":
            found.append(("highlight", block.words))
    return found


def _told(figures: tuple[float, float, float, int]) -> str:
    return ", ".join(f"{figure:.2f}" for figure in figures[:3])


if __name__ == "__main__":
    main()
