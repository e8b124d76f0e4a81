from __future__ import annotations

from datetime import timedelta

import pyotp
import pytest
from factories import a_team, make_member
from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.core.access import Role
from insights.core.clock import FixedClock, now, set_clock
from insights.core.keys import Keys, MasterKey, keys_of, set_keys
from insights.people.accounts.apps import accepts_code, begin_app, confirm_app, keys_of_apps, reseal_secrets
from insights.people.accounts.federation import Mapped
from insights.people.accounts.limits import Tried, count_failure, network_of, refuse_while_paused
from insights.people.accounts.sealing import CannotOpen, seal, unseal
from insights.people.models import AuthenticatorApp, SignInFailure


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:bbbb::9", "2001:db8:1:2::/64"),
        ("127.0.0.1", ""),
        ("::1", ""),
        ("a socket", ""),
        (None, ""),
    ],
)
def test_what_is_counted_together_is_what_one_office_has(address: str | None, network: str) -> None:
    assert network_of(address) == network


def test_tries_of_another_day_are_forgotten(session: Session) -> None:
    count_failure(session, Tried.PASSWORD, email="ada@example.org", network="203.0.113.9")
    set_clock(session, FixedClock(now(session) + timedelta(days=1, minutes=1)))
    count_failure(session, Tried.PASSWORD, email="eve@example.org")

    assert session.scalars(select(SignInFailure.email)).all() == ["eve@example.org"]


def test_one_kind_of_failure_does_not_pause_another(session: Session) -> None:
    for _ in range(10):
        count_failure(session, Tried.NEW_PASSWORD, email="ada@example.org")

    refuse_while_paused(session, Tried.PASSWORD, email="ada@example.org")


def test_what_was_sealed_for_one_opens_for_no_other(session: Session) -> None:
    sealed = seal(keys_of(session), "secret", about="authenticator of MEM-1")

    assert unseal(keys_of(session), sealed, about="authenticator of MEM-1") == "secret"
    with pytest.raises(CannotOpen):
        unseal(keys_of(session), sealed, about="authenticator of MEM-2")
    with pytest.raises(CannotOpen):
        unseal(Keys.made(), sealed, about="authenticator of MEM-1")


def test_after_a_change_of_keys_the_same_app_goes_on_and_the_old_key_can_go(session: Session) -> None:
    moment = now(session).replace(second=15)
    set_clock(session, FixedClock(moment))
    member = make_member(session, team=a_team(session))
    totp = pyotp.TOTP(begin_app(session, member=member))
    assert confirm_app(session, member=member, code=totp.at(moment - timedelta(seconds=30)))
    old, new = keys_of(session), MasterKey.made()
    set_keys(session, Keys(old.audit, (new, *old.vault)))
    assert keys_of_apps(session) == {old.newest.id}

    assert reseal_secrets(session) == 1

    set_keys(session, Keys(old.audit, (new,)))
    assert keys_of_apps(session) == {new.id}
    assert accepts_code(session, member=member, code=totp.at(moment))


def test_the_secret_of_one_member_moved_to_another_opens_nothing(session: Session) -> None:
    ada, eve = make_member(session, team=a_team(session)), make_member(session)
    secret = begin_app(session, member=ada)
    begin_app(session, member=eve)
    of_ada, of_eve = session.scalars(select(AuthenticatorApp).order_by(AuthenticatorApp.id)).all()
    of_eve.sealed_secret = of_ada.sealed_secret

    with pytest.raises(CannotOpen):
        confirm_app(session, member=eve, code=pyotp.TOTP(secret).at(now(session)))


def test_the_most_powerful_of_several_groups_counts() -> None:
    mapped = Mapped(roles={"a": Role.READER, "b": Role.ADMINISTRATOR, "c": Role.RESEARCHER})

    assert mapped.role_of(["c", "a", "choir"]) is Role.RESEARCHER
    assert mapped.role_of(["c", "b"]) is Role.ADMINISTRATOR
    assert mapped.role_of(["choir"]) is None
