"""Random acts on a codebook against a naive model: no quote loses a tag unless told, and undoing all leads back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from factories import make_highlight, make_member, make_session
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from insights.coding.codebook.acts import values_of
from insights.coding.codebook.merging import merge_tags, split_tag
from insights.coding.codebook.shaping import move_tag, rename_tag, reorder_tag, retire_tag, revive_tag
from insights.coding.codebook.undoing import undo_act
from insights.coding.models import CodingAct, Highlight, Tag, TagStatus, highlight_tags
from insights.coding.operations import set_tags
from insights.coding.operations.tags import folded, successor
from insights.core.base import Base
from insights.core.errors import InvalidInput, RuleBroken
from insights.core.keys import Keys, set_keys
from insights.people.models import Member
from research_hub.db import prepare_engine

WORDS = ("I saw positive", "I stopped reading", "I rang my sister", "It should say", "Then I can breathe")
NAMES = ("fear", "trust", "Trust", "links", "next")
NUMBER = st.integers(0, 99)
ACTS = st.lists(
    st.tuples(st.sampled_from(("rename", "move", "merge", "split", "retire", "revive", "reorder")), NUMBER, NUMBER),
    min_size=1,
    max_size=12,
)


@dataclass
class Naive:
    """A codebook as one would draw it: by tag id name, parent, successor; by quote id its tags."""

    name: dict[int, str] = field(default_factory=dict)
    parent: dict[int, int | None] = field(default_factory=dict)
    leads_to: dict[int, int | None] = field(default_factory=dict)
    quotes: dict[int, set[int]] = field(default_factory=dict)

    def path(self, tag: int) -> str:
        above = self.parent[tag]
        return self.name[tag] if above is None else f"{self.path(above)}/{self.name[tag]}"

    def end(self, tag: int) -> int:
        further = self.leads_to[tag]
        return tag if further is None else self.end(further)

    def at(self, parent: int | None, name: str, but: int) -> int | None:
        """The tag that stands at that place, other than `but`."""
        same = (tag for tag in self.name if self.parent[tag] == parent and folded(self.name[tag]) == folded(name))
        return next((tag for tag in same if tag != but), None)

    def place(self, tag: int, parent: int | None, name: str) -> None:
        there = self.at(parent, name, tag)
        if there is not None:
            self.parent[there], self.name[there] = self.parent[tag], self.name[tag]
        self.parent[tag], self.name[tag] = parent, name

    def merge(self, tag: int, into: int) -> None:
        for child in [each for each in self.name if self.parent[each] == tag]:
            twin = self.at(into, self.name[child], child)
            if twin is not None and self.end(twin) != child:
                self.merge(child, twin)
            else:
                self.place(child, into, self.name[child])
        self.leads_to[tag] = into
        self.quotes = {quote: {into if each == tag else each for each in tags} for quote, tags in self.quotes.items()}


def test_random_acts_do_what_a_naive_model_does_and_can_all_be_undone() -> None:
    engine = create_engine("sqlite://")
    prepare_engine(engine)
    Base.metadata.create_all(engine)

    with Session(engine) as session:
        set_keys(session, Keys.made())
        maya = make_member(session)
        held = make_session(session, actor=maya)
        quotes = [make_highlight(session, actor=maya, research_session=held, words=words) for words in WORDS]
        session.commit()

        @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
        @given(tagged=st.lists(st.tuples(NUMBER, st.sampled_from(_paths())), min_size=3, max_size=12), acts=ACTS)
        def run(tagged: list[tuple[int, str]], acts: list[tuple[str, int, int]]) -> None:
            try:
                _run(session, maya, quotes, tagged, acts)
            finally:
                session.rollback()

        run()
    engine.dispose()


def _run(
    session: Session,
    maya: Member,
    quotes: list[Highlight],
    tagged: list[tuple[int, str]],
    acts: list[tuple[str, int, int]],
) -> None:
    wanted: dict[int, list[str]] = {}
    for number, path in tagged:
        wanted.setdefault(number % len(quotes), []).append(path)
    for number, paths in wanted.items():
        set_tags(session, actor=maya, highlight=quotes[number], tags=paths)
    first, model = _state(session), _model(session, quotes)
    known = len(_acts(session))
    for kind, one, other in acts:
        before = _state(session)
        tags = list(session.scalars(select(Tag).order_by(Tag.id)))
        try:
            with session.begin_nested():
                follow = _act(session, maya, kind, tags[one % len(tags)], other=tags[other % len(tags)], number=other)
        except (InvalidInput, RuleBroken):
            session.expire_all()
            assert _state(session) == before
            event(f"{kind} refused")
            continue
        event(f"{kind} done")
        follow(model)
        _check(session, model)
    for act in reversed(_acts(session)[known:]):
        undo_act(session, actor=maya, act=act)
        _check_invariants(session)
    assert _state(session) == first


def _act(session: Session, maya: Member, kind: str, tag: Tag, *, other: Tag, number: int) -> Callable[[Naive], None]:
    """Does it, and answers the same for the model. Raises what the operation raises."""
    if kind == "rename":
        name = NAMES[number % len(NAMES)]
        rename_tag(session, actor=maya, tag=tag, name=name)
        return lambda model: model.place(tag.id, model.parent[tag.id], name)
    if kind == "move":
        parent = other if number % 3 else None
        move_tag(session, actor=maya, tag=tag, parent=parent)
        return lambda model: model.place(tag.id, None if parent is None else parent.id, model.name[tag.id])
    if kind == "merge":
        merge_tags(session, actor=maya, tag=tag, into=other)
        return lambda model: model.merge(tag.id, other.id)
    if kind == "split":
        return _split(session, maya, tag, number)
    if kind == "retire":
        retire_tag(session, actor=maya, tag=tag)
    elif kind == "revive":
        revive_tag(session, actor=maya, tag=tag)
        return lambda model: model.leads_to.update({tag.id: None})
    else:
        reorder_tag(session, actor=maya, tag=tag, before=other if number % 2 else None)
    return lambda _model: None


def _split(session: Session, maya: Member, tag: Tag, number: int) -> Callable[[Naive], None]:
    carrying = sorted(session.scalars(select(highlight_tags.c.highlight_id).where(highlight_tags.c.tag_id == tag.id)))
    names = (NAMES[number % len(NAMES)], "other")
    parts = {names[0]: carrying[::2], names[1]: carrying[1::2][: number % 3]}
    made = split_tag(session, actor=maya, tag=tag, parts=parts)
    chosen = [(part.id, ids) for part, ids in zip(made, parts.values(), strict=True)]
    parent_id = tag.parent_id

    def follow(model: Naive) -> None:
        for (part_id, ids), name in zip(chosen, names, strict=True):
            if part_id not in model.name:
                model.name[part_id], model.parent[part_id], model.leads_to[part_id] = name, parent_id, None
            for quote in ids:
                model.quotes[quote] = model.quotes[quote] - {tag.id} | {part_id}

    return follow


def _check(session: Session, model: Naive) -> None:
    tags = {tag.id: tag for tag in session.scalars(select(Tag))}

    assert {tag_id: folded(model.path(tag_id)) for tag_id in model.name} == {
        tag_id: tag.folded_path for tag_id, tag in tags.items()
    }
    assert model.leads_to == {tag_id: tag.redirect_to_id for tag_id, tag in tags.items()}
    assert model.quotes == _quotes(session, model.quotes)
    _check_invariants(session)


def _check_invariants(session: Session) -> None:
    tags = {tag.id: tag for tag in session.scalars(select(Tag))}
    for tag in tags.values():
        above = "" if tag.parent_id is None else f"{tags[tag.parent_id].path}/"
        assert tag.path == above + tag.name
        assert tag.folded_path == folded(tag.path)
        assert tag.status is TagStatus.RETIRED or tag.redirect_to_id is None
        assert successor(session, tag).redirect_to_id is None
    assert len({tag.folded_path for tag in tags.values()}) == len(tags)


def _model(session: Session, quotes: list[Highlight]) -> Naive:
    model = Naive()
    for tag in session.scalars(select(Tag)):
        model.name[tag.id], model.parent[tag.id], model.leads_to[tag.id] = tag.name, tag.parent_id, None
    model.quotes = _quotes(session, {quote.id: set() for quote in quotes})
    return model


def _quotes(session: Session, ids: dict[int, set[int]]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {quote: set() for quote in ids}
    for highlight_id, tag_id in session.execute(select(highlight_tags)):
        found[highlight_id].add(tag_id)
    return found


def _state(session: Session) -> tuple[dict[int, Any], set[tuple[int, int]]]:
    session.flush()
    tags = {tag.id: values_of(tag) for tag in session.scalars(select(Tag))}
    return tags, {(row[0], row[1]) for row in session.execute(select(highlight_tags))}


def _acts(session: Session) -> list[CodingAct]:
    return list(session.scalars(select(CodingAct).order_by(CodingAct.id)))


def _paths() -> list[str]:
    return ["fear", "trust", "trust/links", "trust/links/next", "fear/links", "next", "fear/next/trust"]
