"""What each route asks is written down, so that nobody changes a guard without a changed line in the review."""

from __future__ import annotations

from declared_routes import LIST, as_text, lines

from insights.core.access import Permission
from research_hub.app import create_app
from research_hub.config import Settings
from research_hub.security import public, requires


def test_every_route_declares_what_the_list_says(settings: Settings) -> None:
    declared, written = as_text(create_app(settings)).splitlines(), LIST.read_text(encoding="utf-8").splitlines()

    changed = sorted(set(declared) ^ set(written))
    assert changed == [], "changed on purpose? cd tests && ../.venv/bin/python declared_routes.py"
    assert declared == written


def test_a_guard_that_is_changed_is_another_line(settings: Settings) -> None:
    app = create_app(settings)
    before = set(lines(app))
    endpoint = "stewardship.who_sees"

    def weakened() -> str:
        return ""

    for declare, words in ((requires(Permission.READ), "read"), (public, "public")):
        app.view_functions[endpoint] = declare(weakened)
        assert set(lines(app)) - before == {f"GET  /access  {words}"}


def test_the_list_tells_routes_that_take_more_or_ask_less() -> None:
    written = LIST.read_text(encoding="utf-8")

    assert "  [no form token]" in written
    assert "bodies of " in written
    assert "  public" in written
