"""A report as one HTML page that needs nothing else: no script, no font, no address of anybody."""

from __future__ import annotations

from jinja2 import DictLoader, Environment, StrictUndefined

from insights.reports.report import Drawing, Report
from research_hub.report_files.drawing import draw
from research_hub.report_files.values import is_number, said


def as_page(report: Report) -> bytes:
    """Everything that is printed of the report, whatever its length."""
    return _ENVIRONMENT.get_template("page").render(report=report).encode()


def as_svg(drawing: Drawing) -> str:
    """The curve alone, for where a file takes pictures."""
    return _ENVIRONMENT.get_template("curve").render(drawing=drawing)


_CURVE = """\
{% set drawn = drawing.curve|draw %}
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 250" width="640" height="250" role="img" aria-label="{{ \
drawing.title }}. {{ drawing.words }}" font-family="sans-serif" font-size="13" fill="#5c5850">
<path d="M66 20H628M66 104H628M66 188H628" stroke="#c9c4b8" fill="none"/>
{% for y, share in ((25, "100%"), (109, "50%"), (193, "0%")) %}
<text x="58" y="{{ y }}" text-anchor="end">{{ share }}</text>
{% endfor %}
{% for tick in drawn.ticks %}
<text x="{{ tick.x }}" y="212" text-anchor="{{ tick.anchor }}">{{ tick.day }}{% if loop.first %} days{% endif %}</text>
<text x="{{ tick.x }}" y="234" text-anchor="{{ tick.anchor }}">{{ tick.at_risk }}{% if loop.first %} at risk{% endif %}\
</text>
{% endfor %}
<path d="{{ drawn.path }}" stroke="#8c2468" stroke-width="3" fill="none"/>
</svg>
"""

_PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{{ report.title }}</title>
<style>
:root { color-scheme: light dark; }
:root { --ink: #1d1b18; --line: #c9c4b8; --quiet: #5c5850; --paper: #fbfaf8; --mark: #8c2468; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #edeae4; --line: #55524b; --quiet: #b5b0a5; --paper: #1a1917; --mark: #e08ec4; }
}
body { font: 1rem/1.5 system-ui, sans-serif; margin: 0 auto; padding: 2rem 1rem 4rem; max-width: 76rem; }
body { color: var(--ink); background: var(--paper); }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 .3rem; } h2 { font-size: 1.2rem; margin: 2.5rem 0 .5rem; }
p { max-width: 44rem; } .quiet { color: var(--quiet); } .scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: .9rem; min-width: 30rem; }
th, td { border-bottom: 1px solid var(--line); padding: .4rem 1rem .4rem 0; text-align: left; vertical-align: top; }
th { color: var(--quiet); font-weight: 600; } .num { font-variant-numeric: tabular-nums; text-align: right; }
svg { max-width: 100%; height: auto; } svg text { fill: var(--quiet); } svg path:last-of-type { stroke: var(--mark); }
:focus-visible { outline: 3px solid var(--mark); outline-offset: 2px; }
@media print { .scroll { overflow: visible; } table { font-size: .75rem; } tr, svg { break-inside: avoid; } }
</style>
</head>
<body>
<main>
<h1>{{ report.title }}</h1>
<p class="quiet">{{ report.subtitle }}</p>
{% for section in report.printed %}
<h2 id="section-{{ loop.index }}">{{ section.title }}</h2>
{% for words in section.paragraphs %}
<p>{{ words }}</p>
{% endfor %}
{% if section.drawing %}
{% with drawing = section.drawing %}{% include "curve" %}{% endwith %}
{% endif %}
{% set table = section.table %}
{% if table and table.rows %}
<div class="scroll" role="region" aria-labelledby="section-{{ loop.index }}" tabindex="0">
<table>
<thead>
<tr>{% for column in table.columns %}
<th scope="col"{% if table.rows[0][loop.index0] is counted %} class="num"{% endif %}>{{ column }}</th>{% endfor %}</tr>
</thead>
<tbody>
{% for row in table.rows %}
<tr>{% for value in row %}<td{% if value is counted %} class="num"{% endif %}>{{ value|said }}</td>{% endfor %}</tr>
{% endfor %}
</tbody>
</table>
</div>
{% elif table %}
<p class="quiet">None.</p>
{% endif %}
{% endfor %}
{% if report.cautions %}
<h2>How this can mislead</h2>
<ul>
{% for caution in report.cautions %}
<li>{{ caution }}</li>
{% endfor %}
</ul>
{% endif %}
<p class="quiet">Made with Research Hub from its figures of {{ report.made_on|said }}.</p>
</main>
</body>
</html>
"""


def _environment() -> Environment:
    environment = Environment(
        loader=DictLoader({"page": _PAGE, "curve": _CURVE}),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    environment.filters |= {"said": said, "draw": draw}
    environment.tests["counted"] = is_number
    return environment


_ENVIRONMENT = _environment()
