"""Every route with what it declares, one a line: the list that a review reads.

Written anew, after a route or its guard was changed on purpose, by

    cd tests && ../.venv/bin/python declared_routes.py
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from flask import Flask
from walking import routes

from research_hub.app import create_app
from research_hub.config import Settings
from research_hub.extensions import csrf

LIST = Path(__file__).parent / "architecture" / "routes.txt"
HEAD = (
    "# Method, address, what it asks of the member (“public”: nobody has to sign in), and what else it declares.\n"
    "# Written by tests/declared_routes.py; a line that changes is a guard that changes.\n"
)
# What a view declares beside its permission, by the name under which the gates read it.
DECLARED = {
    "asks_again": "a fresh proof of who they are",
    "open_while_setting_up": "without a second factor",
    "only_reads": "changes nothing",
}


def lines(app: Flask) -> Iterator[str]:
    for route in routes(app):
        view = app.view_functions[route.rule.endpoint]
        asked = "public" if route.permission is None else route.permission.value
        more = [words for name, words in DECLARED.items() if getattr(view, name, False)]
        body = getattr(view, "body_setting", None)
        more += [f"bodies of {body}"] if body else []
        # Flask-WTF keeps views that take no token under the names of their functions.
        more += ["no form token"] if f"{view.__module__}.{view.__name__}" in csrf._exempt_views else []
        yield f"{route.method:<4} {route.rule.rule}  {asked}" + (f"  [{', '.join(more)}]" if more else "")


def as_text(app: Flask) -> str:
    return HEAD + "\n".join(lines(app)) + "\n"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        LIST.write_text(as_text(create_app(Settings(data=Path(folder)))), encoding="utf-8")


if __name__ == "__main__":
    main()
