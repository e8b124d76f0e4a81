"""The count in the header is that of the tray, also where another browser filled it or a record went out of sight."""

from __future__ import annotations

import re
from collections.abc import Callable

from flask.testing import FlaskClient
from search.world import World

from insights.capture.operations import set_study_access
from insights.people.models import Member
from insights.stewardship.tray import put_in_tray

SignIn = Callable[[Member], FlaskClient]
Drain = Callable[[], None]


def count(client: FlaskClient, address: str) -> list[str]:
    return re.findall(r"data-tray-count(?: hidden)?>(\d+)<", client.get(address).get_data(as_text=True))


def test_a_page_with_buttons_of_the_tray_counts_it_as_it_is(signed_in: SignIn, world: World, drained: Drain) -> None:
    study, reader = world.study(), world.member()
    quote = world.quote(world.held(study, "A letter came."), "letter")
    insight = world.insight("Letters come", world.quote(world.held(world.study("Two"), "Another letter."), "letter"))
    drained()
    here = signed_in(reader)

    empty = count(here, "/evidence?q=letter")
    for ref in (insight.ref, quote.ref):
        put_in_tray(world.session, actor=reader, ref=ref)
    world.session.commit()
    filled = count(here, "/evidence?q=letter"), count(here, "/highlights"), count(here, "/log")
    set_study_access(world.session, actor=world.researcher, study=study, restricted=True, named=[])
    world.session.commit()

    assert empty == ["0"]
    assert filled == (["2"], ["2"], ["2"])
    assert count(here, "/highlights") == ["1"]
