"""Whatever an act on the codebook changes in search documents is told to the indexer, also when it is undone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from search.world import World, open_sessions
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from insights.coding.codebook.merging import merge_tags, split_tag
from insights.coding.codebook.queries import get_latest_act
from insights.coding.codebook.shaping import move_tag, promote_tag, rename_tag
from insights.coding.codebook.undoing import undo_act
from insights.coding.models import Tag, highlight_tags
from insights.core.activity import ActivityEntry
from insights.people.models import Member
from search_index.documents import SearchDocument
from search_index.projection import affected_refs, all_documents


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    with open_sessions(f"sqlite:///{tmp_path}/records.sqlite3")() as session:
        yield session


@pytest.fixture
def world(session: Session) -> World:
    """Two studies, one restricted; insights on quotes that carry tags, tags within them, and none."""
    world = World(session)
    for study in (world.study(), world.study("Letters", restricted=True)):
        held = world.held(study, "I gave up. I rang my sister. It took an hour.")
        for words, tags in (("gave up", ["trust/links"]), ("rang my sister", ["help", "trust"]), ("an hour", ())):
            world.insight(f"People say {words}", world.quote(held, words, tags))
    return world


def tag_at(session: Session, path: str) -> Tag:
    return session.scalars(select(Tag).where(Tag.folded_path == path).order_by(Tag.study_id)).first() or Tag()


def _rename(session: Session, actor: Member) -> None:
    rename_tag(session, actor=actor, tag=tag_at(session, "trust"), name="confidence")


def _move(session: Session, actor: Member) -> None:
    move_tag(session, actor=actor, tag=tag_at(session, "trust"), parent=tag_at(session, "help"))


def _merge(session: Session, actor: Member) -> None:
    merge_tags(session, actor=actor, tag=tag_at(session, "trust"), into=tag_at(session, "help"))


def _split(session: Session, actor: Member) -> None:
    tag = tag_at(session, "help")
    carrying = session.scalars(select(highlight_tags.c.highlight_id).where(highlight_tags.c.tag_id == tag.id)).all()
    split_tag(session, actor=actor, tag=tag, parts={"family": carrying, "friends": []}, retire=True)


def _promote(session: Session, actor: Member) -> None:
    own = session.scalars(select(Tag).where(Tag.study_id.is_not(None)).order_by(Tag.id)).first()
    if own is not None:
        promote_tag(session, actor=actor, tag=own, merge=True)


@pytest.mark.parametrize("act", [_rename, _move, _merge, _split, _promote])
def test_what_an_act_changes_is_indexed_anew_and_again_when_it_is_undone(
    world: World, act: Callable[[Session, Member], None]
) -> None:
    session, actor = world.session, world.researcher
    first = _documents(session)

    told = _told(session, lambda: act(session, actor))
    second = _documents(session)
    assert _changed(first, second) <= told

    done = get_latest_act(session, actor)
    told = _told(session, lambda: undo_act(session, actor=actor, act=done) if done is not None else None)
    third = _documents(session)
    assert _changed(second, third) <= told
    assert [(key, each.facets, each.body) for key, each in third.items()] == [
        (key, each.facets, each.body) for key, each in first.items()
    ]


def test_the_acts_of_this_test_change_documents(world: World) -> None:
    first = _documents(world.session)

    _merge(world.session, world.researcher)

    kinds = {key.partition("-")[0] for key in _changed(first, _documents(world.session))}
    assert kinds >= {"HL", "INS"}


def _documents(session: Session) -> dict[str, SearchDocument]:
    session.flush()
    return {each.key: each for each in all_documents(session)}


def _changed(before: dict[str, SearchDocument], after: dict[str, SearchDocument]) -> set[str]:
    return {key for key in before.keys() | after.keys() if _text(before.get(key)) != _text(after.get(key))}


def _text(document: SearchDocument | None) -> object:
    return None if document is None else (document.facets, document.body, document.title, document.quote)


def _told(session: Session, act: Callable[[], object]) -> set[str]:
    last = session.scalar(select(func.max(ActivityEntry.id))) or 0
    act()
    return affected_refs(session, session.scalars(select(ActivityEntry).where(ActivityEntry.id > last)).all())
