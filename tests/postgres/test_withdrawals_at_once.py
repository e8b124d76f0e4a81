"""What two people do to one participant in one moment, each in a transaction of their own on PostgreSQL."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import date

import pytest
from factories import make_session
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker
from withdrawing import ALONE, World, make_world

from insights.capture.models import Study, TextVersion
from insights.core.errors import DomainError
from insights.core.keys import Keys, set_keys
from insights.people.models import Member, Participant
from insights.stewardship.models import Withdrawal
from insights.stewardship.withdrawal import withdraw_participant
from research_hub.db import db, transaction

TODAY = date(2026, 11, 20)
PATIENCE = 30.0
"""Seconds after which one is taken to wait for the other for ever."""


@pytest.fixture
def world(postgres_app: Flask) -> World:
    del postgres_app
    with transaction() as session:
        return make_world(session)


def _at_once(*acts: Callable[[Session], object]) -> list[str]:
    """What each was told, in the order of the acts: '' where it was done."""
    keys, engine = Keys.made(), db.engine
    together, told = threading.Barrier(len(acts)), [""] * len(acts)

    def run(place: int) -> None:
        with sessionmaker(engine)() as session:
            set_keys(session, keys)
            together.wait()
            try:
                acts[place](session)
                session.commit()
            except DomainError as error:
                session.rollback()
                told[place] = str(error)

    running = [threading.Thread(target=run, args=(place,)) for place in range(len(acts))]
    for each in running:
        each.start()
    for each in running:
        each.join(PATIENCE)
    assert not any(each.is_alive() for each in running), "one waits for the other for ever"
    return told


def _withdraw(world: World) -> Callable[[Session], object]:
    def act(session: Session) -> object:
        return withdraw_participant(
            session,
            actor=session.get_one(Member, world.actor.id),
            participant=session.get_one(Participant, world.person.id),
            study=session.get_one(Study, world.study.id),
            asked_on=TODAY,
        )

    return act


def test_of_two_withdrawals_at_once_one_is_carried_out(world: World) -> None:
    told = _at_once(_withdraw(world), _withdraw(world))

    done, refused = sorted(told)
    assert done == ""
    assert "withdrew already" in refused
    with transaction() as session:
        assert session.scalar(select(func.count(Withdrawal.id))) == 1


def test_a_session_logged_while_the_act_is_not_finished_is_refused(world: World) -> None:
    """Whoever logs it has read the code already, and waits for the participant that the act holds."""
    begun = threading.Event()

    def withdraw(session: Session) -> None:
        _withdraw(world)(session)
        begun.set()
        time.sleep(1)

    def log(session: Session) -> None:
        actor, study = session.get_one(Member, world.actor.id), session.get_one(Study, world.study.id)
        begun.wait(PATIENCE)
        make_session(session, actor=actor, study=study, notes=ALONE, participants=["P1"])

    withdrawn, logged = _at_once(withdraw, log)

    assert withdrawn == ""
    assert "withdrew" in logged
    with transaction() as session:
        left = session.scalars(select(TextVersion.text).where(TextVersion.text.contains(ALONE))).all()
    assert left == []
