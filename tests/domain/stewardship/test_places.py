"""A withdrawal names every place that shows or tells of somebody's words, and cleans what holds them in the act."""

from __future__ import annotations

import hashlib
import json
from datetime import date

import pytest
from factories import make_member
from places_of_words import SENT, Kept, freeze, keep
from sqlalchemy import select
from sqlalchemy.orm import Session
from withdrawing import ALONE, OTHER, World

from insights.core.access import Role
from insights.core.activity import add
from insights.core.clock import today
from insights.core.errors import RuleBroken
from insights.openness.entries import begin_new_version, public_page, undo_withdrawal
from insights.openness.models import EntryStatus
from insights.stewardship.models import Collection, CollectionItem, FoundItem, Withdrawal
from insights.stewardship.withdrawal import reach_of, withdraw_participant
from insights.stewardship.withdrawal.places import Becomes, Place, PlaceKind
from insights.stewardship.withdrawal.preview import preview_of


@pytest.fixture
def kept(session: Session) -> Kept:
    return keep(session)


def test_the_preview_names_each_place_by_title_and_date_and_what_becomes_of_it(session: Session, kept: Kept) -> None:
    world = kept.world
    reach = reach_of(session, world.person, world.study)
    found = preview_of(session, world.actor, reach).places
    on = today(session)
    assert {(each.ref, each.title, each.on, each.becomes) for each in found if each.ref} >= {
        (kept.page.ref, "Which letter is urgent", SENT.date(), Becomes.TAKE_DOWN),
        (kept.written.ref, "What we heard of letters", SENT.date(), Becomes.READ_AGAIN),
        (kept.frozen.ref, "Figures from 2026-10-01 to 2026-10-31", date(2026, 11, 1), Becomes.WORDS_CUT),
        (kept.figures.ref, "Figures from 2026-10-01 to 2026-10-31", date(2026, 11, 1), Becomes.NO_WORDS),
        (kept.collection.ref, "Letters", SENT.date(), Becomes.WORDS_CUT),
        (world.study.ref, f"about {world.study.ref}, downloaded once", on, Becomes.OUT_OF_REACH),
    }
    packs = [each for each in found if each.kind is PlaceKind.EVIDENCE_PACK]
    assert [(each.ref, each.becomes, each.on) for each in packs] == [
        (kept.service_ref, Becomes.MADE_ANEW, None),
        (kept.service_ref, Becomes.OUT_OF_REACH, on),
    ]
    mail = next(each for each in found if each.kind is PlaceKind.DIGEST)
    assert (mail.title, mail.on) == ("sent to 1 member", SENT.date())


def test_what_tells_of_other_people_alone_is_no_place(session: Session, kept: Kept) -> None:
    world = kept.world
    add(session, world.actor, Collection(title="Bins", introduction=OTHER, owner_id=world.actor.id))
    freeze(session, note="Nothing to do with it.", refs={"T1": ["INS-999"]})
    found = preview_of(session, world.actor, reach_of(session, world.person, world.study)).places
    assert "Bins" not in {each.title for each in found}
    assert len([each for each in found if each.kind is PlaceKind.FROZEN_REPORT]) == 2


def test_who_may_not_see_a_place_is_told_of_it_without_its_title(session: Session, kept: Kept) -> None:
    world = kept.world
    stranger = make_member(session, role=Role.DATA_PROTECTION)
    secret = Collection(title="Kept to myself", introduction=ALONE, owner_id=make_member(session).id)
    add(session, world.actor, secret)
    found = preview_of(session, stranger, reach_of(session, world.person, world.study)).places
    assert [each.title for each in found if each.ref == secret.ref] == [""]


def test_what_holds_words_is_clean_when_the_act_is_over(session: Session, kept: Kept) -> None:
    done = _withdraw(session, kept.world)
    assert kept.page.status is EntryStatus.WITHDRAWN
    assert "yellow envelope" not in json.dumps(kept.page.published)
    assert "yellow envelope" not in kept.frozen.note
    assert kept.frozen.sha256 == hashlib.sha256(kept.frozen.data.encode()).hexdigest()
    items = session.scalars(select(CollectionItem).order_by(CollectionItem.id)).all()
    assert [each.subject_ref for each in items] == [kept.world.broad.ref]
    assert "yellow envelope" not in items[0].note
    assert session.scalars(select(FoundItem)).all() == []
    told = json.dumps(done.gone)
    assert "yellow" not in told
    assert kept.page.ref in told


def test_the_figures_of_a_report_that_somebody_tampered_with_are_not_vouched_for(session: Session, kept: Kept) -> None:
    kept.figures.data = '{"shape":1,"changed":"by hand"}'
    session.flush()
    _withdraw(session, kept.world)
    assert kept.figures.sha256 != hashlib.sha256(kept.figures.data.encode()).hexdigest()


def test_a_published_page_is_hidden_at_once_and_comes_back_only_when_somebody_read_it(
    session: Session, kept: Kept
) -> None:
    shown, _ = public_page(session, kept.world.decision.ref)
    assert shown.quotes == (ALONE,)
    _withdraw(session, kept.world)
    gone, _ = public_page(session, kept.world.decision.ref)
    assert (gone.sections, gone.quotes, gone.title) == ((), (), "")
    assert gone.withdrawn_reason == "Somebody took back what they had said."
    with pytest.raises(RuleBroken, match="read every text of it"):
        undo_withdrawal(session, actor=kept.world.actor, entry=kept.page, decision=kept.world.decision)
    begin_new_version(session, actor=kept.world.actor, entry=kept.page)
    assert kept.page.status is EntryStatus.DRAFT


def test_pages_written_from_what_was_said_are_named_for_somebody_to_read(session: Session, kept: Kept) -> None:
    done = _withdraw(session, kept.world)
    to_read = [place.ref for each in done.gone["places"] if (place := Place.from_json(each)).look]
    assert to_read == [kept.page.ref, kept.written.ref]
    assert kept.written.status is EntryStatus.PUBLISHED
    assert kept.written.review_on == today(session)


def test_a_page_whose_own_text_repeats_them_without_the_quote_is_taken_down_too(session: Session, kept: Kept) -> None:
    kept.written.published = {**kept.written.published, "you_said": f"You said: {ALONE}"}
    _withdraw(session, kept.world)
    assert kept.written.status is EntryStatus.WITHDRAWN
    assert "yellow envelope" not in json.dumps(kept.written.published)


def test_the_first_answer_to_two_at_once_holds_and_the_second_is_told(session: Session, kept: Kept) -> None:
    _withdraw(session, kept.world)
    officer = make_member(session, role=Role.DATA_PROTECTION)
    with pytest.raises(RuleBroken, match="They withdrew already"):
        withdraw_participant(
            session, actor=officer, participant=kept.world.person, study=kept.world.study, asked_on=today(session)
        )
    assert len(session.scalars(select(Withdrawal)).all()) == 1


def _withdraw(session: Session, world: World) -> Withdrawal:
    done = withdraw_participant(
        session, actor=world.actor, participant=world.person, study=world.study, asked_on=today(session)
    )
    session.expire_all()
    return done
