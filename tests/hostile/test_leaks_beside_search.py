"""What is built on search, against the rule: topics, feeds, digests, the tray, collections, citations, prior work.

Two worlds are told of one plan, one with everything in it and one as if what a member may not see had never been. What
that member is answered must be the same in both, to the last figure, and hold no word of what is hidden.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from hostile.leaks_plan import WATCHERS, WORDS, Plan, draw_plan, hidden_from
from hostile.leaks_worlds import Told, told
from mailing import Mailbox, mail_server
from python_calamine import CalamineWorkbook
from werkzeug.test import TestResponse

from insights.stewardship.tray import Style

_ASKED = (
    "common",
    "common+claim+of+the+family",
    '"common+thing"',
    "said+-left",
    "usual",
    "famly",
    "tag:comon",
    "author:owner",
)
_ANSWERED = {200, 303, 403, 404}
_UNKNOWN = "COL-987654"
_REF = re.compile(r"\b(STU|SES|SRC|HL|INS|DEC|REC|COL|FLW|TAG|PAR)-\d+")
_NUMBERED = re.compile(
    r'urn:uuid:[0-9a-f-]{36}|/unsubscribe/[\w.-]+|(?<=name="csrf_token" value=")[\w.-]+'
    r'|(?<=last changed )[^<]+|(?<=name="until" value=")\d+|(?<=revision )\d+|(?<="version": ")\d+'
)
"""Random by nature, told by the machine’s own clock, or numbered in the order of all that anybody did."""


@pytest.fixture(scope="module")
def box() -> Iterator[Mailbox]:
    with mail_server() as made:
        yield made


@pytest.mark.parametrize("seed", range(3))
def test_whoever_may_not_see_a_record_is_answered_as_if_it_had_never_been(
    seed: int, box: Mailbox, tmp_path: Path
) -> None:
    plan = draw_plan(random.Random(seed))
    with told(tmp_path / "everything", plan, box) as world:
        world.morning()
        given = {member: dict(answers(world, plan, member, hidden_from(plan, member))) for member in WATCHERS}

    for member in WATCHERS:
        hidden = hidden_from(plan, member)
        with told(tmp_path / member, plan.without(hidden), box) as world:
            world.morning()
            expected = dict(answers(world, plan, member, hidden))
        words = [word for number, word in enumerate(WORDS) if f"study{number}" in hidden]
        for address, answer in given[member].items():
            leaked = [word for word in words if word in answer.casefold()]
            assert leaked == [], (seed, member, address)
        everything = " ".join(given[member].values()).casefold()
        assert [word for word in WORDS if word not in everything] == words, "who may see a study is told of it"
        assert "new things in Research Hub" in given[member]["digests"]
        assert given[member].keys() == expected.keys()
        for address, answer in given[member].items():
            assert answer == expected[address], (seed, member, address)


def answers(world: Told, plan: Plan, member: str, hidden: frozenset[str]) -> Iterator[tuple[str, str]]:
    """By address, in the plan's own names, all that the member is answered; records are called by their names."""
    client = world.browser_of(member)
    names = {ref: key for key, ref in world.refs.items()}
    for address in addresses(world, plan, member, hidden):
        yield _named(address, names, hidden), _named(_words(client.get(address)), names, hidden)
    stranger = world.app.test_client()
    for number in (None, *range(4)):
        one = "" if number is None else f"/{world.refs[f'{member} search{number}']}"
        answer = stranger.get(f"/feeds/{world.tokens[member]}{one}.atom")
        assert answer.status_code == 200
        yield f"feed {number}", _named(_words(answer), names, hidden)
    yield "digests", _named("\n".join(_letters(world.box, f"{member}@example.org")), names, hidden)


def addresses(world: Told, plan: Plan, member: str, hidden: frozenset[str]) -> Iterator[str]:
    for asked in _ASKED:
        yield f"/evidence?q={asked}"
        yield f"/cite?q={asked}"
        yield f"/topics?q={asked}"
        yield f"/evidence/suggest?q={asked}"
        yield f"/decisions/evidence?q={asked}"
        yield f"/studies/near?q={asked}"
    # A misspelt surname is not to be spelt for whoever may not know it, nor its beginning to be ended.
    yield from (f"/evidence?q={word[:-2]}{word[-1]}" for word in WORDS)
    yield from (f"/evidence?q={word[:4]}*" for word in WORDS)
    yield from ("/evidence.csv?q=common", "/topics.csv?q=common", "/topics.xlsx?q=common", "/decisions/new")
    yield from ("/tray", "/tray.csv", "/tray.xlsx", "/tray/citations", "/tray/collection", "/tray/decision")
    yield from (f"/tray/citations/{style}" for style in Style)
    yield from ("/collections", "/collections.csv", "/saved", "/saved/new?question=q%3Dcommon", "/contributions")
    for number in range(4):
        yield f"/saved/{world.refs[f'{member} search{number}']}"
    for act in plan.acts:
        if act.key in hidden:
            continue
        ref = world.refs.setdefault(act.key, _UNKNOWN)
        if act.verb == "share":
            yield from (f"/collections/{ref}{part}" for part in ("", "/items.csv", "/items.xlsx", "/markdown", "/edit"))
        if act.verb == "study":
            yield from (f"/studies/{ref}/prior-work{asked}" for asked in ("", "?q=common+claim", "?q=comon"))
        if act.verb in {"insight", "decide", "quote", "session", "study", "advise"}:
            yield from (f"/cite/{ref}", f"/related/{ref}")


def _words(answer: TestResponse) -> str:
    """Status and content; of a workbook its rows."""
    assert answer.status_code in _ANSWERED, answer.request.path
    content = answer.get_data()
    if (answer.mimetype or "").endswith("spreadsheetml.sheet"):
        book = CalamineWorkbook.from_filelike(BytesIO(content))
        return "\n".join(
            f"{name}: {row}" for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python()
        )
    return f"{answer.status}\n{content.decode()}"


def _letters(box: Mailbox, address: str) -> Iterator[str]:
    for message, to in zip(box.taken, box.recipients, strict=True):
        if to == address:
            for kind in ("plain", "html"):
                part = message.get_body((kind,))
                assert part is not None
                yield f"{message['Subject']}\n{part.get_content()}"


def _named(text: str, names: dict[str, str], hidden: frozenset[str]) -> str:
    """With records by their names in the plan; one out of sight stays as it is, unlike in the other world."""

    def name(found: re.Match[str]) -> str:
        ref = found[0].upper()
        return f"<{names[ref]}>" if ref in names and names[ref] not in hidden else found[0]

    return _NUMBERED.sub("…", re.sub(_REF.pattern, name, text, flags=re.IGNORECASE))
