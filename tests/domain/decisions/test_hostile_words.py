"""The 461 naughty strings in every text field: each is kept as typed, or refused with the field's name."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from factories import make_accepted_decision, make_decision, make_insight, make_member
from sqlalchemy.orm import Session

from insights.core.checks import clean
from insights.core.errors import InvalidInput
from insights.decisions.models import Decision
from insights.decisions.operations import (
    DecisionText,
    accept_decision,
    draft_decision,
    link_insight,
    reaffirm_link,
    record_change,
    unlink_insight,
)
from insights.decisions.outcomes import add_measure, add_reading, attest_impact, declare_not_measurable
from insights.people.models import Member

_FILE = Path(__file__).parents[3].parent / "shared/data/hostile-text/naughty-strings/blns.json"
_SECTIONS = (
    "context",
    "drivers",
    "outcome",
    "consequences",
    "confirmation",
    "more_information",
)


@pytest.fixture(scope="module")
def naughty() -> list[str]:
    if not _FILE.exists():
        pytest.skip("the list of naughty strings is not at hand")
    words: list[str] = json.loads(_FILE.read_text("utf-8"))
    assert len(words) > 400
    return words


def in_one_line(words: str) -> str:
    return " ".join(clean(words).split())


def test_every_section_of_a_decision_keeps_them(session: Session, actor: Member, naughty: list[str]) -> None:
    for words in naughty:
        made = draft_decision(
            session,
            actor=actor,
            text=DecisionText(
                title="A title",
                options=[{"title": "An option", "body": words}],
                decision_makers=[words],
                other_sections=[[words, words]],
                **dict.fromkeys(_SECTIONS, words),
            ),
        )
        session.expire(made)

        assert {getattr(made, name) for name in _SECTIONS} == {clean(words)}
        assert made.options[0]["body"] == clean(words)
        assert made.decision_makers == ([clean(words)] if clean(words) else [])
        assert made.other_sections == [[clean(words), clean(words)]]


def _title(session: Session, actor: Member, words: str) -> str:
    return make_decision(session, actor=actor, title=words or " ").title


def _option(session: Session, actor: Member, words: str) -> str:
    text = DecisionText(title="A title", options=[{"title": words}])
    return str(draft_decision(session, actor=actor, text=text).options[0]["title"])


def _measure(session: Session, actor: Member, words: str) -> str:
    return add_measure(session, actor=actor, decision=make_decision(session, actor=actor), name=words).name


def _reason(session: Session, actor: Member, words: str) -> str:
    decision = make_decision(session, actor=actor)
    declare_not_measurable(session, actor=actor, decision=decision, reason=words)
    return decision.not_measurable_reason


@pytest.mark.parametrize("field", [_title, _option, _measure, _reason])
def test_every_line_keeps_them_or_says_what_is_missing(
    session: Session, actor: Member, naughty: list[str], field: Callable[[Session, Member, str], str]
) -> None:
    refused = []
    for words in naughty:
        try:
            kept = field(session, actor, words)
        except InvalidInput as problem:
            refused.append((words, problem.fields))
        else:
            assert kept == in_one_line(words)

    assert len(refused) < 40
    assert all(fields for _, fields in refused)
    assert all(len(in_one_line(words)) > 300 or not _is_readable(words) for words, _ in refused)


def test_links_changes_readings_and_the_ledger_keep_them(
    session: Session, actor: Member, leader: Member, naughty: list[str]
) -> None:
    insight = make_insight(session, actor=actor)
    accepted = make_accepted_decision(session, actor=actor, insight=insight)
    measure = add_measure(session, actor=actor, decision=accepted, name="calls")
    draft = make_decision(session, actor=actor)
    for words in (each for each in naughty if _is_readable(each) and len(in_one_line(each)) <= 500):
        link = link_insight(session, actor=actor, decision=draft, insight=insight, type_="informed", rationale=words)
        reaffirm_link(session, actor=actor, decision=draft, link=link, insight=insight, sentence=words)
        change = record_change(session, actor=actor, decision=accepted, before=words, after=words)
        reading = add_reading(session, actor=actor, measure=measure, on=date(2026, 1, 1), value=1.0, note=words)
        entry = attest_impact(session, actor=leader, decision=accepted, what=words, contribution="unknown")

        assert link.rationale == link.affirmation == in_one_line(words)
        assert change.before == change.after == reading.note == entry.what == clean(words)
        unlink_insight(session, actor=actor, decision=draft, link=link)


def test_reasons_of_acceptance_keep_them(session: Session, naughty: list[str]) -> None:
    actor = make_member(session)
    for words in (each for each in naughty if _is_readable(each)):
        decision = make_decision(session, actor=actor)
        accept_decision(
            session,
            actor=actor,
            decision=decision,
            basis="cost",
            basis_reason=words,
            beyond_evidence_reason=words,
            may_stand="Some of these strings look like numbers of people, and are nobody’s.",
        )

        assert decision.basis_reason == decision.beyond_evidence_reason == clean(words)


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "//evil.example", "ftp://x", "x y"])
def test_an_address_that_a_browser_would_run_is_refused(
    session: Session, actor: Member, decision: Decision, address: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        record_change(session, actor=actor, decision=decision, before="a", after="b", url=address)

    assert "url" in refused.value.fields


@pytest.mark.parametrize("values", [{"title": "x" * 501}, {"title": "x", "context": "x" * 200_001}])
def test_what_is_too_long_is_refused_with_its_length(session: Session, actor: Member, values: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput, match="characters or fewer"):
        draft_decision(session, actor=actor, text=DecisionText(**values))


def _is_readable(words: str) -> bool:
    try:
        in_one_line(words).encode()
    except UnicodeEncodeError:
        return False
    return any(char.isprintable() and not char.isspace() and char not in "\u2800\u3164" for char in clean(words))
