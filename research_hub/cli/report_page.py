"""A report as one HTML page that needs nothing else: no script, no font, no address of anybody."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from jinja2 import Environment

from insights.reports.table import Table, Value

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{{ title }}</title>
<style>
:root { color-scheme: light dark; --line: #b8b3a8; --quiet: #5c5850; }
@media (prefers-color-scheme: dark) { :root { --line: #55524b; --quiet: #b5b0a5; } }
body { font: 1rem/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 80rem; padding: 0 1rem; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.2rem; margin-top: 2rem; }
p { color: var(--quiet); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: .9rem; }
th, td { border-bottom: 1px solid var(--line); padding: .3rem .7rem .3rem 0; text-align: left; vertical-align: top; }
td.num { font-variant-numeric: tabular-nums; text-align: right; }
@media print { .scroll { overflow: visible; } table { font-size: .75rem; } tr { break-inside: avoid; } }
</style>
</head>
<body>
<h1>{{ title }}</h1>
<p>{{ lede }}</p>
{% for table in tables %}
<h2 id="table-{{ loop.index }}">{{ table.name }}</h2>
{% if table.rows %}
<div class="scroll" role="region" aria-labelledby="table-{{ loop.index }}" tabindex="0">
<table>
<thead>
<tr>{% for column in table.columns %}<th scope="col">{{ column }}</th>{% endfor %}</tr>
</thead>
<tbody>
{% for row in table.rows %}
<tr>{% for value in row %}<td class="{{ "num" if value is number else "word" }}">{{ value|said }}</td>{% endfor %}</tr>
{% endfor %}
</tbody>
</table>
</div>
{% else %}<p>Nothing here.</p>{% endif %}
{% endfor %}
</body>
</html>
"""


def as_page(title: str, lede: str, tables: Sequence[Table]) -> str:
    environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    environment.filters["said"] = _said
    return environment.from_string(_PAGE).render(title=title, lede=lede, tables=tables)


def _said(value: Value) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.4g}"
    return value.isoformat() if isinstance(value, date) else str(value)
