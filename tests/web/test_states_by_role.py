"""What each role gets of a record in each of its states: declared here, and compared with what comes out.

A new state, or a role that gets something else in one, is a changed line of this table. Addresses are those of the
record's own page and of acts that its state forbids; who may act in the first place is in test_routes.py.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from conftest import SignIn
from factories import (
    make_accepted_decision,
    make_decision,
    make_highlight,
    make_insight,
    make_member,
    make_session,
    make_study,
    make_team,
    source_of,
)
from flask import Flask
from sqlalchemy import update
from sqlalchemy.orm import Session
from withdrawing import make_world

from insights.capture.break_glass import ask_for_access, decide_on_access
from insights.capture.models import BreakGlass, PersonalDataReview, Study, StudyStatus
from insights.capture.operations import set_session_deleted
from insights.coding.operations import set_highlight_dropped
from insights.core.access import Role
from insights.decisions.operations import deprecate_decision, supersede_decision
from insights.people.models import Member
from insights.stewardship.withdrawal import stop_use, withdraw_participant
from insights.synthesis.operations import retire_insight, supersede_insight
from research_hub.db import transaction

Addresses = Mapping[str, str]
"""By method and what it is, such as “GET page”: an address."""

COLUMNS = ("reader", "contributor", "researcher", "approver", "data_protection", "administrator", "of_another_area")


@dataclass(frozen=True, slots=True)
class People:
    """One of each role in the area of the records, with somebody who made them, and a researcher of another area."""

    lead: Member
    by_column: Mapping[str, Member]


@dataclass(frozen=True, slots=True)
class State:
    """`declared` has a line for each address: statuses in the order of COLUMNS."""

    name: str
    make: Callable[[Session, People], Addresses]
    declared: Mapping[str, str]


def draft_insight(session: Session, people: People) -> Addresses:
    ref = make_insight(session, actor=people.lead, published=False).ref
    return {
        "GET page": f"/insights/{ref}",
        "GET edit": f"/insights/{ref}/edit",
        "POST retire": f"/insights/{ref}/retire",
    }


def published_insight(session: Session, people: People) -> Addresses:
    ref = make_insight(session, actor=people.lead).ref
    return {
        "GET page": f"/insights/{ref}",
        "GET edit": f"/insights/{ref}/edit",
        "POST publish": f"/insights/{ref}/publish",
    }


def retired_insight(session: Session, people: People) -> Addresses:
    insight = make_insight(session, actor=people.lead)
    retire_insight(session, actor=people.lead, insight=insight, note="The letter is gone.")
    ref = insight.ref
    return {
        "GET page": f"/insights/{ref}",
        "GET edit": f"/insights/{ref}/edit",
        "POST retire": f"/insights/{ref}/retire",
    }


def superseded_insight(session: Session, people: People) -> Addresses:
    old, new = (make_insight(session, actor=people.lead) for _ in range(2))
    supersede_insight(session, actor=people.lead, insight=old, by=new)
    return {"GET page": f"/insights/{old.ref}", "POST retire": f"/insights/{old.ref}/retire"}


def draft_decision(session: Session, people: People) -> Addresses:
    ref = make_decision(session, actor=people.lead).ref
    return {
        "GET page": f"/decisions/{ref}",
        "GET edit": f"/decisions/{ref}/edit",
        "POST deprecate": f"/decisions/{ref}/deprecate",
    }


def decision_in_force(session: Session, people: People) -> Addresses:
    ref = make_accepted_decision(session, actor=people.lead, insight=make_insight(session, actor=people.lead)).ref
    return {
        "GET page": f"/decisions/{ref}",
        "GET edit": f"/decisions/{ref}/edit",
        "POST reject": f"/decisions/{ref}/reject",
    }


def superseded_decision(session: Session, people: People) -> Addresses:
    insight = make_insight(session, actor=people.lead)
    old, new = (make_accepted_decision(session, actor=people.lead, insight=insight) for _ in range(2))
    supersede_decision(session, actor=people.lead, old=old, new=new)
    return {"GET page": f"/decisions/{old.ref}", "POST deprecate": f"/decisions/{old.ref}/deprecate"}


def deprecated_decision(session: Session, people: People) -> Addresses:
    decision = make_accepted_decision(session, actor=people.lead, insight=make_insight(session, actor=people.lead))
    deprecate_decision(session, actor=people.lead, decision=decision, reason="The service ended.")
    return {"GET page": f"/decisions/{decision.ref}", "POST deprecate": f"/decisions/{decision.ref}/deprecate"}


def participant_in_force(session: Session, people: People) -> Addresses:
    world = make_world(session, people.lead)
    return {
        "GET page": f"/participants/{world.person.ref}",
        "GET withdrawal": f"/participants/{world.person.ref}/withdrawal",
        "GET quote": f"/highlights/{world.quote.ref}",
    }


def participant_whose_use_is_stopped(session: Session, people: People) -> Addresses:
    world = make_world(session, people.lead)
    day = date(2026, 11, 20)
    stop_use(session, actor=people.lead, participant=world.person, study=world.study, asked_on=day)
    return {
        "GET page": f"/participants/{world.person.ref}",
        "GET session": f"/sessions/{world.alone.ref}",
        "GET quote": f"/highlights/{world.quote.ref}",
        "GET insight": f"/insights/{world.lonely.ref}",
    }


def erased_participant(session: Session, people: People) -> Addresses:
    world = make_world(session, people.lead)
    gone = withdraw_participant(
        session, actor=people.lead, participant=world.person, study=world.study, asked_on=date(2026, 11, 20)
    )
    return {
        "GET page": f"/participants/{world.person.ref}",
        "GET certificate": f"/withdrawals/{gone.ref}",
        "GET session": f"/sessions/{world.alone.ref}",
        "GET quote": f"/highlights/{world.quote.ref}",
        "GET withdrawal": f"/participants/{world.person.ref}/withdrawal",
    }


def session_in_force(session: Session, people: People) -> Addresses:
    held = make_session(session, actor=people.lead)
    return {"GET page": f"/sessions/{held.ref}", "GET edit": f"/sources/{source_of(session, held).ref}/edit"}


def session_nobody_looked_through(session: Session, people: People) -> Addresses:
    held = make_session(session, actor=people.lead, reviewed=False)
    source = source_of(session, held)
    assert source.personal_data_review is not PersonalDataReview.REVIEWED
    return {"GET page": f"/sessions/{held.ref}", "GET text": f"/sources/{source.ref}"}


def deleted_session(session: Session, people: People) -> Addresses:
    study = make_study(session, actor=people.lead)
    held = make_session(session, actor=people.lead, study=study)
    source = source_of(session, held)
    set_session_deleted(session, actor=people.lead, research_session=held, study=study, deleted=True)
    return {
        "GET page": f"/sessions/{held.ref}",
        "GET text": f"/sources/{source.ref}",
        "POST text": f"/sources/{source.ref}",
    }


def dropped_quote(session: Session, people: People) -> Addresses:
    quote = make_highlight(session, actor=people.lead)
    set_highlight_dropped(session, actor=people.lead, highlight=quote, dropped=True)
    return {"GET page": f"/highlights/{quote.ref}", "GET edit": f"/highlights/{quote.ref}/edit"}


def study_in_field(session: Session, people: People) -> Addresses:
    ref = make_study(session, actor=people.lead).ref
    return {"GET page": f"/studies/{ref}", "GET edit": f"/studies/{ref}/edit", "GET access": f"/studies/{ref}/access"}


def closed_study(session: Session, people: People) -> Addresses:
    study = make_study(session, actor=people.lead)
    study.status = StudyStatus.COMPLETED
    ref = study.ref
    return {"GET page": f"/studies/{ref}", "GET edit": f"/studies/{ref}/edit", "GET state": f"/studies/{ref}/state"}


def restricted_study(session: Session, people: People) -> Addresses:
    study = make_study(session, actor=people.lead, restricted=True)
    return _of_restricted(session, people, study)


def restricted_study_while_let_in(session: Session, people: People) -> Addresses:
    """Data protection and the administrator were let in, each by the lead."""
    study = make_study(session, actor=people.lead, restricted=True)
    _let_in(session, people, study)
    return _of_restricted(session, people, study)


def restricted_study_after_the_grant_expired(session: Session, people: People) -> Addresses:
    study = make_study(session, actor=people.lead, restricted=True)
    _let_in(session, people, study)
    session.execute(update(BreakGlass).values(ends_at=datetime.now(UTC) - timedelta(seconds=1)))
    return _of_restricted(session, people, study)


# In the order of COLUMNS. 403: the role does not include it; 404: out of sight; 409: the state forbids it.
EVERYBODY = "200 200 200 200 200 200 200"
NOBODY = "404 404 404 404 404 404 404"
WHO_WRITES = "403 200 200 200 403 200 200"
THE_STATE_FORBIDS = "403 409 409 409 403 409 403"
WHO_RESEARCHES = "403 403 200 403 403 200 200"
LEADS_ON = "303 303 303 303 303 303 303"

STATES = (
    State(
        "draft insight",
        draft_insight,
        {
            "GET page": "404 200 200 200 404 200 200",
            "GET edit": WHO_WRITES,
            "POST retire": THE_STATE_FORBIDS,
        },
    ),
    State(
        "published insight",
        published_insight,
        {
            "GET page": EVERYBODY,
            "GET edit": WHO_WRITES,
            "POST publish": THE_STATE_FORBIDS,
        },
    ),
    State(
        "retired insight",
        retired_insight,
        {
            "GET page": EVERYBODY,
            "GET edit": WHO_WRITES,
            "POST retire": THE_STATE_FORBIDS,
        },
    ),
    State(
        "superseded insight",
        superseded_insight,
        {
            "GET page": EVERYBODY,
            "POST retire": THE_STATE_FORBIDS,
        },
    ),
    State(
        "draft decision",
        draft_decision,
        {
            "GET page": EVERYBODY,
            "GET edit": WHO_WRITES,
            "POST deprecate": THE_STATE_FORBIDS,
        },
    ),
    State(
        "decision in force",
        decision_in_force,
        {
            "GET page": EVERYBODY,
            "GET edit": WHO_WRITES,
            "POST reject": THE_STATE_FORBIDS,
        },
    ),
    State(
        "superseded decision",
        superseded_decision,
        {
            "GET page": EVERYBODY,
            "POST deprecate": THE_STATE_FORBIDS,
        },
    ),
    State(
        "deprecated decision",
        deprecated_decision,
        {
            "GET page": EVERYBODY,
            "POST deprecate": THE_STATE_FORBIDS,
        },
    ),
    State(
        "participant in force",
        participant_in_force,
        {
            "GET page": EVERYBODY,
            "GET withdrawal": "403 403 200 403 200 200 403",
            "GET quote": LEADS_ON,
        },
    ),
    State(
        "participant whose use is stopped",
        participant_whose_use_is_stopped,
        {
            "GET page": EVERYBODY,
            "GET session": NOBODY,
            "GET quote": NOBODY,
            "GET insight": EVERYBODY,
        },
    ),
    State(
        "erased participant",
        erased_participant,
        {
            "GET page": EVERYBODY,
            "GET certificate": "403 403 200 403 200 200 403",
            "GET session": NOBODY,
            "GET quote": NOBODY,
            "GET withdrawal": "403 403 303 403 303 303 403",
        },
    ),
    State(
        "session in force",
        session_in_force,
        {
            "GET page": EVERYBODY,
            "GET edit": WHO_RESEARCHES,
        },
    ),
    State(
        "session nobody looked through",
        session_nobody_looked_through,
        {
            "GET page": EVERYBODY,
            "GET text": LEADS_ON,
        },
    ),
    State(
        "deleted session",
        deleted_session,
        {
            "GET page": EVERYBODY,
            "GET text": NOBODY,
            "POST text": "403 403 404 403 403 404 404",
        },
    ),
    State(
        "dropped quote",
        dropped_quote,
        {
            "GET page": LEADS_ON,
            "GET edit": WHO_RESEARCHES,
        },
    ),
    State(
        "study in field",
        study_in_field,
        {
            "GET page": EVERYBODY,
            "GET edit": WHO_RESEARCHES,
            "GET access": WHO_RESEARCHES,
        },
    ),
    State(
        "closed study",
        closed_study,
        {
            "GET page": EVERYBODY,
            "GET edit": WHO_RESEARCHES,
            "GET state": WHO_RESEARCHES,
        },
    ),
    State(
        "restricted study",
        restricted_study,
        {
            "GET page": NOBODY,
            "GET session": NOBODY,
            "GET quote": NOBODY,
            "GET insight": NOBODY,
            "POST access": "403 403 404 403 403 404 404",
        },
    ),
    State(
        "restricted study while let in",
        restricted_study_while_let_in,
        {
            "GET page": "404 404 404 404 200 200 404",
            "GET session": "404 404 404 404 200 200 404",
            "GET quote": "404 404 404 404 303 303 404",
            "GET insight": "404 404 404 404 200 200 404",
            "POST access": "403 403 404 403 403 403 404",
        },
    ),
    State(
        "restricted study after the grant expired",
        restricted_study_after_the_grant_expired,
        {
            "GET page": NOBODY,
            "GET session": NOBODY,
            "GET quote": NOBODY,
            "GET insight": NOBODY,
            "POST access": "403 403 404 403 403 404 404",
        },
    ),
)


@pytest.fixture
def people(app: Flask) -> People:
    with transaction() as session:
        lead = make_member(session, name="Lead")
        found = {role.value: make_member(session, role=role) for role in Role}
        found["of_another_area"] = make_member(session, team=make_team(session))
        return People(lead, found)


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.name)
def test_each_role_gets_of_a_state_what_is_declared(state: State, people: People, client_for: SignIn) -> None:
    with transaction() as session:
        addresses = state.make(session, people)

    found = {}
    for name, address in addresses.items():
        clients = [client_for(people.by_column[column]) for column in COLUMNS]
        method = name.partition(" ")[0]
        found[name] = " ".join(str(client.open(address, method=method).status_code) for client in clients)

    assert found == dict(state.declared)


def test_every_role_is_declared_for_every_state() -> None:
    assert {*COLUMNS} == {role.value for role in Role} | {"of_another_area"}
    for state in STATES:
        for address, statuses in state.declared.items():
            assert len(statuses.split()) == len(COLUMNS), f"{state.name}: {address}"


def _let_in(session: Session, people: People, study: Study) -> None:
    reason = "A participant asks what is held about them."
    for column in ("data_protection", "administrator"):
        asker = people.by_column[column]
        asked = ask_for_access(session, actor=asker, study_ref=study.ref, reason=reason, hours=2)
        decide_on_access(session, actor=people.lead, glass=asked, approve=True)


def _of_restricted(session: Session, people: People, study: Study) -> Addresses:
    held = make_session(session, actor=people.lead, study=study)
    quote = make_highlight(session, actor=people.lead, research_session=held)
    insight = make_insight(session, actor=people.lead, highlight=quote)
    return {
        "GET page": f"/studies/{study.ref}",
        "GET session": f"/sessions/{held.ref}",
        "GET quote": f"/highlights/{quote.ref}",
        "GET insight": f"/insights/{insight.ref}",
        "POST access": f"/studies/{study.ref}/access",
    }
