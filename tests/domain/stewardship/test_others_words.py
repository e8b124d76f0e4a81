"""In random worlds: whoever withdraws loses every word, and nobody else a single one."""

from __future__ import annotations

from datetime import date

from factories import make_member, make_session, make_study, source_of, text_of
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from insights.capture.models import Utterance
from insights.coding.models import Highlight, HighlightStatus
from insights.coding.operations import highlight_passage
from insights.core.base import Base
from insights.core.keys import Keys, set_keys
from insights.people.models import Participant
from insights.stewardship.erasure.cutting import REMOVED, Cutting
from insights.stewardship.withdrawal import withdraw_participant
from research_hub.db import prepare_engine

PEOPLE = ("P1", "P2", "P3")
# Each says words of their own, so that a test can tell whose they are.
SPOKEN = st.lists(st.tuples(st.sampled_from(PEOPLE), st.integers(1, 12)), min_size=2, max_size=6)
PHASES = (Phase.explicit, Phase.generate)
SPANS = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=5)
MARKS = st.lists(st.tuples(st.integers(0, 400), st.integers(1, 120)), max_size=6)


@settings(
    max_examples=8, deadline=None, phases=(Phase.explicit, Phase.generate), suppress_health_check=list(HealthCheck)
)
@given(turns=SPOKEN, marks=MARKS)
def test_nobody_else_loses_a_word(turns: list[tuple[str, int]], marks: list[tuple[int, int]]) -> None:
    engine = create_engine("sqlite://")
    prepare_engine(engine)
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        set_keys(session, Keys.made())
        _withdraw_and_look(session, turns, marks)
    engine.dispose()


@given(
    text=st.text("ab \n", max_size=40), spans=st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=5)
)
def test_a_place_outside_a_cut_shows_what_it_showed(text: str, spans: list[tuple[int, int]]) -> None:
    cutting = Cutting.of(text, spans)
    for start in range(len(text)):
        if not any(low <= start < high for low, high in cutting.spans):
            assert cutting.left[cutting.place(start)] == text[start]
    assert cutting.left.count(REMOVED) == len(cutting.spans)


def _withdraw_and_look(session: Session, turns: list[tuple[str, int]], marks: list[tuple[int, int]]) -> None:
    actor = make_member(session)
    study = make_study(session, actor=actor)
    spoken = [(who, _words(number, who, length)) for number, (who, length) in enumerate(turns)]
    text = "\n\n".join(f"{who}: {said}" for who, said in spoken)
    held = make_session(session, actor=actor, study=study, notes=text, participants=list(PEOPLE))
    source = source_of(session, held)
    people = {each.code: each for each in session.scalars(select(Participant).where(Participant.study_id == study.id))}
    at = 0
    for number, (who, said) in enumerate(spoken, 1):
        at = text.index(said, at)
        session.add(
            Utterance(
                text_version_id=source.current_version_id,
                number=number,
                start=at,
                end=at + len(said),
                speaker=who,
                participant_id=people[who].id,
            )
        )
    session.flush()
    quotes = [
        highlight_passage(session, actor=actor, source=source, start=start, end=min(len(text), start + length))
        for start, length in marks
        if start + 1 < len(text) and text[start : start + length].strip()
    ]
    before = {quote.id: quote.exact for quote in quotes}
    choices = {} if any(who == "P1" for who, _ in spoken) else {source.uuid: "marked"}
    withdraw_participant(
        session,
        actor=actor,
        participant=people["P1"],
        study=study,
        asked_on=date(2026, 11, 20),
        choices=choices,
    )
    left = text_of(session, source)
    assert left.count("P2: ") == sum(who == "P2" for who, _ in spoken)
    for who, said in spoken:
        assert (said in left) is (who != "P1"), (who, said)
    for turn in session.scalars(select(Utterance)):
        assert left[turn.start : turn.end] in {said for who, said in spoken if who != "P1"}
    for quote in session.scalars(select(Highlight).where(Highlight.status == HighlightStatus.ACTIVE)):
        assert quote.exact == left[quote.start : quote.end]
        words = [word for word in before[quote.id].split() if "P2" in word or "P3" in word]
        assert [word for word in words if word not in quote.exact.split()] == []
        assert "saidP1" not in quote.exact


def _words(number: int, who: str, length: int) -> str:
    return " ".join(f"said{who}turn{number}word{each}" for each in range(length))
