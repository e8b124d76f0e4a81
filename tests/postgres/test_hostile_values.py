"""PostgreSQL refuses what SQLite takes: too large numbers, NUL characters, too long texts. None may be our fault."""

from __future__ import annotations

import re

import pytest
from demonstration import browser_of
from flask import Flask
from walking import Records, addresses, records_of, routes

from insights.core.access import Role
from research_hub.db import reading

HUGE = "99999999999999"
"""Fits the numbers of SQLite, and not those of PostgreSQL's columns."""
ARGUMENTS = (
    *("q", "page", "offset", "study", "service", "team", "owner", "status", "kind", "type", "tag", "insight", "from"),
    *("member", "decision", "participant", "component", "row", "column", "verb", "on", "to", "ref", "state", "sort"),
)


@pytest.fixture
def records(told_app: Flask) -> Records:
    with told_app.app_context():
        return records_of(reading())


def test_a_number_that_is_too_large_is_of_no_record(told_app: Flask, records: Records) -> None:
    browser = browser_of(told_app, Role.ADMINISTRATOR)
    huge = {re.sub(r"\d+(?=/|$)", HUGE, address) for address in _addresses(told_app, records, "GET")}

    answers = {address: browser.get(address, buffered=True).status_code for address in huge if HUGE in address}

    assert len(answers) > 25
    assert {address: status for address, status in answers.items() if status >= 500} == {}


@pytest.mark.parametrize("value", [HUGE, f"INS-{HUGE}", "a\x00b", "\ud800".encode("utf-16", "surrogatepass").hex()])
def test_no_filter_of_a_page_breaks_it(value: str, told_app: Flask, records: Records) -> None:
    browser = browser_of(told_app, Role.ADMINISTRATOR)

    answers = {
        address: browser.get(address, query_string=dict.fromkeys(ARGUMENTS, value), buffered=True).status_code
        for address in _addresses(told_app, records, "GET")
        if address not in {"/readyz", "/metrics"}
    }

    assert {address: status for address, status in answers.items() if status >= 500} == {}


@pytest.mark.parametrize("value", [HUGE, "a\x00b", "long " * 200, "STU-1", "INS-" + HUGE])
def test_no_form_breaks_when_every_field_holds_the_same(value: str, told_app: Flask, records: Records) -> None:
    fields = _field_names(told_app, records)
    browser = browser_of(told_app, Role.ADMINISTRATOR)

    answers = {
        address: browser.post(address, data=dict.fromkeys(fields, value), buffered=True).status_code
        for address in _addresses(told_app, records, "POST")
        if "sign-out" not in address
    }

    assert len(fields) > 60
    assert {address: status for address, status in answers.items() if status >= 500} == {}


def _addresses(app: Flask, records: Records, method: str) -> list[str]:
    return [address for route in routes(app, method) for address in addresses(route, records)]


def _field_names(app: Flask, records: Records) -> set[str]:
    """Of every form on every page."""
    browser = browser_of(app, Role.RESEARCHER)
    answers = [browser.get(address, buffered=True) for address in _addresses(app, records, "GET")]
    pages = [answer.get_data(as_text=True) for answer in answers if answer.mimetype == "text/html"]
    return {name for page in pages for name in re.findall(r'<(?:input|select|textarea)[^>]* name="([^"]+)"', page)}
