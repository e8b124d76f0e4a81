"""A pack as one HTML page that opens offline: no script, no font, no address of anybody."""

from __future__ import annotations

from lxml import etree
from lxml.html.builder import E

from insights.reports.pack.shapes import Pack
from research_hub.pack_files.blocks import Block, Grid, Heading, Items, blocks_of

_STYLE = """
:root { color-scheme: light dark; --line: #b8b3a8; --quiet: #5c5850; --gap: #a1200f; }
@media (prefers-color-scheme: dark) { :root { --line: #55524b; --quiet: #b5b0a5; --gap: #ff9d8c; } }
body { font: 1rem/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 52rem; padding: 0 1rem; }
body { overflow-wrap: anywhere; }
h1 { font-size: 1.7rem; line-height: 1.2; }
h2 { font-size: 1.35rem; margin-top: 2.6rem; border-top: 1px solid var(--line); padding-top: 1rem; }
h3 { font-size: 1.1rem; } h4 { font-size: 1rem; margin-bottom: .2rem; }
.quiet { color: var(--quiet); } .gap { color: var(--gap); font-weight: 700; margin: .3rem 0; }
blockquote { border-left: 4px solid var(--line); margin: 0 0 1rem; padding-left: 1rem; font-family: Georgia, serif; }
.scroll { overflow-x: auto; margin-bottom: 1rem; }
table { border-collapse: collapse; font-size: .9rem; width: 100%; }
caption { text-align: left; color: var(--quiet); padding-bottom: .3rem; }
th, td { border-bottom: 1px solid var(--line); padding: .35rem .8rem .35rem 0; text-align: left; vertical-align: top; }
@media print {
  body { margin: 0; max-width: none; } .scroll { overflow: visible; }
  tr, blockquote { break-inside: avoid; } h2, h3 { break-after: avoid; }
}
"""


def as_page(pack: Pack) -> bytes:
    """The same pack gives the same bytes."""
    blocks = [_element(block) for block in blocks_of(pack)]
    page = E.html(
        E.head(
            E.meta(charset="utf-8"),
            E.meta(name="viewport", content="width=device-width, initial-scale=1"),
            E.meta(name="color-scheme", content="light dark"),
            E.title(next(each.text for each in blocks_of(pack) if isinstance(each, Heading))),
            E.style(_STYLE),
        ),
        E.body(E.main(*blocks)),
        lang="en",
    )
    return b"<!doctype html>\n" + etree.tostring(page, method="html", encoding="utf-8")


def _element(block: Block) -> etree._Element:
    made: etree._Element
    if isinstance(block, Heading):
        made = E(f"h{block.level}", block.text)
    elif isinstance(block, Items):
        made = E.ul(*(E.li(each) for each in block.texts))
    elif isinstance(block, Grid):
        made = _table(block)
    elif block.kind == "quote":
        made = E.blockquote(E.p(block.text))
    else:
        made = E.p(block.text, {"class": block.kind or "words"})
    return made


def _table(grid: Grid) -> etree._Element:
    head = E.thead(E.tr(*(E.th(each, scope="col") for each in grid.columns)))
    body = E.tbody(*(E.tr(E.th(row[0], scope="row"), *(E.td(each) for each in row[1:])) for row in grid.rows))
    label = {"class": "scroll", "role": "region", "aria-label": grid.caption, "tabindex": "0"}
    made: etree._Element = E.div(E.table(E.caption(grid.caption), head, body), label)
    return made
