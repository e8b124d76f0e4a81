"""The affinity board in a real browser: by mouse, by touch, by keys, without scripts, and by two people at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from browser.conftest import served
from demonstration import app_on_copy, browser_of, token_of
from flask import Flask
from playwright.sync_api import Browser, Locator, Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.capture.models import Study
from insights.core.access import Role
from insights.people.models import Member
from insights.synthesis.boards import SeenCard, board_page, cluster_cards, create_board, put_quotes, quotes_to_put
from research_hub.db import transaction

pytestmark = pytest.mark.browser

BOARD = "/boards/BRD-2"
"""The first is the demonstration's."""
WAIT = 20_000

expect.set_options(timeout=WAIT)


@pytest.fixture
def demo(told, tmp_path) -> Iterator[Flask]:  # type: ignore[no-untyped-def]  # noqa: ANN001 - as the shared one
    """A copy of its own for each test, since each moves cards."""
    with app_on_copy(told, tmp_path / "data") as app:
        app.config["WTF_CSRF_ENABLED"] = True
        with app.app_context(), transaction() as session:
            _lay_out(session)
        yield app


@pytest.fixture
def address(demo: Flask) -> Iterator[str]:
    with served(demo) as found:
        yield found


def test_a_card_is_dragged_into_a_cluster_and_stays_there(chromium: Browser, demo: Flask, address: str) -> None:
    with _board(chromium, demo, address) as page:
        card, cluster = _tray(page).locator(".card").first, _cluster(page)
        ref = card.locator(".ref").inner_text()

        _drag(page, card, cluster.locator(".card").first)

        expect(cluster.get_by_text(ref, exact=True)).to_be_visible()
        expect(page.locator("[data-board-said]")).to_contain_text("1 card moved")
        page.reload()
        expect(_cluster(page).get_by_text(ref, exact=True)).to_be_visible()
        assert _refs(_cluster(page))[0] == ref


def test_a_finger_drags_a_card_by_its_grip(chromium: Browser, demo: Flask, address: str) -> None:
    with _board(chromium, demo, address) as page:
        ref = _refs(_tray(page))[0]
        start = _middle(_tray(page).locator("[data-grip]").first)
        end = _middle(_cluster(page).locator(".card").first)

        touch = page.context.new_cdp_session(page)
        touch.send("Emulation.setTouchEmulationEnabled", {"enabled": True})
        touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [start]})
        for share in (0.1, 0.5, 1):
            there = {axis: start[axis] + (end[axis] - start[axis]) * share for axis in "xy"}
            touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [there]})
        touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

        expect(_cluster(page).get_by_text(ref, exact=True)).to_be_visible()
        expect(page.locator("[data-board-said]")).to_contain_text("1 card moved")


def test_keys_alone_carry_a_card_and_say_where_it_is(chromium: Browser, demo: Flask, address: str) -> None:
    with _board(chromium, demo, address) as page:
        card = _tray(page).locator(".card").first
        ref = card.locator(".ref").inner_text()
        live = page.locator("[data-board-live]")

        card.focus()
        page.keyboard.press("Space")
        expect(live).to_contain_text("Picked up 1 card in the tray")
        page.keyboard.press("ArrowRight")
        expect(live).to_contain_text("In They ring somebody, 1 of 4")
        page.keyboard.press("ArrowDown")
        expect(live).to_contain_text("2 of 4")
        page.keyboard.press("Space")

        expect(live).to_contain_text("1 card moved")
        page.reload()
        assert _refs(_cluster(page))[1] == ref


def test_escape_puts_a_carried_card_back(chromium: Browser, demo: Flask, address: str) -> None:
    with _board(chromium, demo, address) as page:
        before = _refs(_tray(page))

        _tray(page).locator(".card").nth(1).focus()
        for key in ("Space", "ArrowRight", "ArrowDown", "Escape"):
            page.keyboard.press(key)

        assert _refs(_tray(page)) == before
        expect(page.locator("[data-board-live]")).to_have_text("Put back.")


def test_several_chosen_cards_make_a_new_cluster_that_is_named_in_place_and_undone(
    chromium: Browser, demo: Flask, address: str
) -> None:
    with _board(chromium, demo, address) as page:
        refs = _refs(_tray(page))
        _tray(page).locator(".card").first.focus()
        page.keyboard.press("x")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("x")

        _drag(page, _tray(page).locator(".card").first, page.locator(".cluster-new .cluster-empty"))

        expect(page.locator("[data-rename]")).to_have_count(2)
        named = page.locator("[data-cluster]").nth(2)
        assert _refs(named) == refs[:2]
        expect(named.get_by_label("Name of the cluster")).to_be_focused()
        page.keyboard.type("They doubt the sender")
        page.keyboard.press("Enter")
        expect(page.locator("[data-board-said]")).to_contain_text("The cluster is called They doubt the sender")
        named.locator(".card").first.focus()
        page.keyboard.press("z")
        expect(page.locator("[data-undo-words]")).to_have_text("Undo the new cluster")
        page.keyboard.press("z")
        expect(page.locator("[data-rename]")).to_have_count(1)
        assert _refs(_tray(page)) == refs


def test_two_people_sort_at_once_and_nothing_is_lost(chromium: Browser, demo: Flask, address: str) -> None:
    with _board(chromium, demo, address) as mine, _board(chromium, demo, address, Role.ADMINISTRATOR) as theirs:
        refs = _refs(_tray(mine))
        mine.route("**/state*", lambda route: route.abort())

        _carry_right(theirs, refs[0])
        expect(theirs.locator("[data-board-said]")).to_contain_text("1 card moved")
        # My page has not heard of it yet: the same card, from where I saw it, into a new cluster.
        _card(mine, refs[0]).focus()
        for key in ("Space", "ArrowRight", "ArrowRight", "Space"):
            mine.keyboard.press(key)

        expect(mine.locator("[data-board-said]")).to_contain_text("moved by somebody else meanwhile")
        expect(_cluster(mine).get_by_text(refs[0], exact=True)).to_be_visible()
        _carry_right(mine, refs[1])
        expect(_cluster(theirs).get_by_text(refs[1], exact=True)).to_be_visible(timeout=WAIT)
        assert sorted(_refs(mine)) == sorted(_refs(theirs))


def test_moves_made_without_a_connection_arrive_when_it_is_back(chromium: Browser, demo: Flask, address: str) -> None:
    with _board(chromium, demo, address) as page:
        refs = _refs(_tray(page))
        page.context.set_offline(True)

        _carry_right(page, refs[0])
        _carry_right(page, refs[1])
        expect(page.locator("[data-board-said]")).to_contain_text("No connection")
        page.context.set_offline(False)

        expect(page.locator("[data-board-said]")).to_contain_text("1 card moved", timeout=WAIT)
        expect(page.locator("[data-board-said]")).to_have_text("", timeout=WAIT)
        page.reload()
        assert set(refs[:2]) <= set(_refs(_cluster(page)))


def test_without_scripts_chosen_cards_are_moved_by_the_form(chromium: Browser, demo: Flask, address: str) -> None:
    with _board(chromium, demo, address, scripts=False) as page:
        ref = _refs(_tray(page))[0]

        page.get_by_label(f"Choose {ref}").check()
        page.locator("#move-to").select_option(label="They ring somebody")
        page.get_by_role("button", name="Move", exact=True).click()

        assert ref in _refs(_cluster(page))
        page.get_by_role("button", name="Undo", exact=True).click()
        assert ref in _refs(_tray(page))


def test_a_reader_sees_the_board_and_moves_nothing(demo: Flask) -> None:
    page = browser_of(demo, Role.READER).get(BOARD).get_data(as_text=True)

    assert "They ring somebody" in page
    assert 'name="card"' not in page
    assert "data-may-edit" not in page


def _lay_out(session: Session) -> None:
    """Twelve quotes, three of them in a cluster."""
    maya = session.scalars(select(Member).where(Member.role == Role.RESEARCHER)).first()
    study = session.scalars(select(Study).where(~Study.restricted).order_by(Study.id)).first()
    assert maya is not None
    board = create_board(session, actor=maya, title="What people do after a letter", study=study)
    put_quotes(session, actor=maya, board=board, highlight_ids=quotes_to_put(session, maya, board)[:12])
    cards = [SeenCard(card.id, None) for card in board_page(session, maya, board).tray.cards[:3]]
    cluster_cards(session, actor=maya, board=board, cards=cards, title="They ring somebody")


@contextmanager
def _board(
    chromium: Browser, demo: Flask, address: str, role: Role = Role.RESEARCHER, *, scripts: bool = True
) -> Iterator[Page]:
    context = chromium.new_context(java_script_enabled=scripts, viewport={"width": 1280, "height": 900})
    context.set_default_timeout(8_000)
    name = demo.config["SESSION_COOKIE_NAME"]
    context.add_cookies([{"name": name, "value": token_of(demo, role), "url": address}])
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(address + BOARD)
    if scripts:
        page.wait_for_selector("html[data-enhanced]")
    yield page
    context.close()
    assert faults == []


def _tray(page: Page) -> Locator:
    return page.locator(".tray")


def _cluster(page: Page) -> Locator:
    return page.locator("[data-cluster]").nth(1)


def _card(page: Page, ref: str) -> Locator:
    return page.locator(".card", has=page.get_by_role("link", name=ref, exact=True))


def _refs(place: Page | Locator) -> list[str]:
    return [words.strip() for words in place.locator(".card .ref").all_text_contents()]


def _carry_right(page: Page, ref: str) -> None:
    _card(page, ref).focus()
    for key in ("Space", "ArrowRight", "Space"):
        page.keyboard.press(key)


def _drag(page: Page, what: Locator, where: Locator) -> None:
    start, end = _middle(what.locator(".voice")), _middle(where)
    page.mouse.move(start["x"], start["y"])
    page.mouse.down()
    page.mouse.move((start["x"] + end["x"]) / 2, (start["y"] + end["y"]) / 2, steps=4)
    page.mouse.move(end["x"], end["y"] - 20, steps=4)
    page.mouse.up()


def _middle(what: Locator) -> dict[str, float]:
    box = what.bounding_box()
    assert box is not None
    return {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
