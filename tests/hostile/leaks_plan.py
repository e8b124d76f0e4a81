"""Days of research as plain data: who does what, drawn from a seed, and what of it one member may not see."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from insights.core.access import Role

WORDS = ("quillfeather", "ormsbyloch", "trevanthick", "bellweathers", "zinfrost")
"""One a study, like somebody's surname: it stands in all that the study is the source of, and nowhere else."""

CAST: Mapping[str, Role] = {
    "owner": Role.RESEARCHER,
    "reader": Role.READER,
    "designer": Role.CONTRIBUTOR,
    "colleague": Role.RESEARCHER,
    "administrator": Role.ADMINISTRATOR,
}
WATCHERS = ("reader", "designer", "colleague")
QUESTIONS = ("q=common", "q=common+claim+of+the+family&kind=insight", "q=said&sort=newest", "tag=common")
ROUNDS = 3
HOURS_A_ROUND = 1.5


@dataclass(frozen=True, slots=True)
class Act:
    """One deed: `key` is what it makes or changes, `of` what that rests on, `by` who does it, `how` the rest."""

    verb: str
    key: str
    of: tuple[str, ...] = ()
    by: str = "owner"
    how: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """Rounds of acts; between two of them some time passes and the worker looks at what is new."""

    rounds: tuple[tuple[Act, ...], ...]

    @property
    def acts(self) -> Iterator[Act]:
        return (act for acts in self.rounds for act in acts)

    def without(self, hidden: Collection[str]) -> Plan:
        """The plan as if nothing under these names had ever been; what rests on several rests on the others."""
        return Plan(tuple(tuple(act for each in acts for act in _without(each, hidden)) for acts in self.rounds))


def _without(act: Act, hidden: Collection[str]) -> Iterator[Act]:
    if act.key in hidden:
        return
    kept = tuple(key for key in act.of if key not in hidden)
    if act.verb == "share" and not kept:
        return
    yield Act(act.verb, act.key, kept, act.by, act.how)


def draw_plan(chance: random.Random, *, rounds: int = ROUNDS) -> Plan:
    """Studies, evidence and what is made of it; then rounds in which people gather, follow, leave, and sight moves."""
    told = [tuple(_round(chance, number)) for number in range(rounds)]
    in_the_end = tuple(Act("move", member, by="administrator", how="return") for member in WATCHERS)
    return Plan((tuple(_founding(chance)), *told, in_the_end))


def _founding(chance: random.Random) -> Iterator[Act]:
    for number, word in enumerate(WORDS):
        yield Act("study", f"study{number}", how=word)
        for each in range(2):
            yield Act("session", f"session{number}{each}", (f"study{number}",), how=word)
            yield Act("quote", f"quote{number}{each}", (f"session{number}{each}",), how=word)
    for number in range(len(WORDS)):
        yield _access(chance, number)
    for number in range(6):
        yield from _finding(chance, f"a{number}")
    for member in WATCHERS:
        for place, question in enumerate(QUESTIONS):
            yield Act("save", f"{member} search{place}", by=member, how=question)


def _round(chance: random.Random, number: int) -> Iterator[Act]:
    yield _access(chance, chance.randrange(len(WORDS)))
    yield from _finding(chance, f"b{number}")
    quotes = [f"quote{study}{each}" for study in range(len(WORDS)) for each in range(2)]
    yield Act("attach", chance.choice(_INSIGHTS), (chance.choice(quotes),))
    yield Act(chance.choice(["drop", "bring back"]), chance.choice(quotes))
    yield Act(chance.choice(["delete", "restore"]), f"session{chance.randrange(len(WORDS))}{chance.randrange(2)}")
    gathered = [
        *quotes,
        *_INSIGHTS,
        *(f"study{each}" for each in range(len(WORDS))),
        "session00",
        "session31",
        *_DECIDED,
    ]
    for member in WATCHERS:
        for key in chance.sample(gathered, 4):
            yield Act("gather", key, by=member, how=f"Note on it by the {member}")
        yield Act("take out", chance.choice(gathered), by=member)
        yield Act("follow", chance.choice(_DECIDED), by=member)
    yield Act("share", f"collection{number}", tuple(chance.sample(gathered, 5)))
    if chance.random() < 0.5:
        how = chance.choice(["away", "back", "leave", "return"])
        yield Act("move", chance.choice(WATCHERS), by="administrator", how=how)


_INSIGHTS = [f"insight a{number}" for number in range(6)]
_DECIDED = [f"decision a{number}" for number in range(6)]


def _access(chance: random.Random, number: int) -> Act:
    named = chance.sample(WATCHERS, chance.randint(0, 2))
    return Act("access", f"study{number}", how=",".join(named) if chance.random() < 0.7 else "everybody")


def _finding(chance: random.Random, name: str) -> Iterator[Act]:
    """An insight on one to three quotes, advice on it, and a decision that may rest on it."""
    quotes = {f"quote{chance.randrange(len(WORDS))}{chance.randrange(2)}" for _ in range(chance.randint(1, 3))}
    published = chance.random() < 0.8
    yield Act("insight", f"insight {name}", tuple(sorted(quotes)), how="published" if published else "")
    if published:
        yield Act("advise", f"advice {name}", (f"insight {name}",))
    status = chance.choice(["draft", "proposed", "accepted"])
    yield Act("decide", f"decision {name}", (f"insight {name}",) if published else (), how=status)


def hidden_from(plan: Plan, member: str) -> frozenset[str]:
    """By the rule itself, over the plan alone: the names of what the member may not see when the last act is done.

    A restricted study is seen by whoever made or is named in it, an insight by those who see all that it rests on.
    """
    open_to = {act.key: act.how for act in plan.acts if act.verb == "access"}
    hidden = {key for key, named in open_to.items() if named != "everybody" and member not in named.split(",")}
    rests_on: dict[str, set[str]] = {}
    for act in plan.acts:
        if act.verb in {"session", "quote", "insight", "attach", "advise"}:
            rests_on.setdefault(act.key, set()).update(act.of)
    for key, grounds in rests_on.items():  # In the order of the plan, so grounds come before what rests on them.
        if grounds & hidden:
            hidden.add(key)
    for act in plan.acts:
        if act.verb == "share" and set(act.of) <= hidden:
            hidden.add(act.key)
    return frozenset(hidden)
