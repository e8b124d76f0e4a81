"""Cases become participants, by a code and never by a name."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from insights.core.activity import record
from insights.core.checks import clean
from insights.exchange.qda.incoming import Incoming
from insights.exchange.qda.model import Case, Value
from insights.exchange.qda.rows import add_many
from insights.exchange.qda.understood import Problem, Understood
from insights.people.models import Participant

_LIKE_A_CODE = re.compile(
    r"(?:[A-Za-z]{1,3}|participant|person|case|respondent|interviewee|subject|user)[ _-]?\d{1,5}", re.IGNORECASE
)
_LONGEST_CODE = 20
# What a variable of this name holds may say who somebody is; it stays in the package and comes nowhere else.
_TELLS_WHO = re.compile(
    r"\b(?:(?:first|last|full|sur|given|family)?[ _-]?name|e-?mail|phone|telephone|mobile|address|postcode|zip|contact|"
    r"date of birth|dob|nhs number|passport)\b",
    re.IGNORECASE,
)
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def tells_who(variable: str) -> bool:
    """Whether an attribute of that name may say who somebody is."""
    return _TELLS_WHO.search(variable) is not None


def store_cases(incoming: Incoming) -> dict[str, int]:
    """Ids of participants by GUID of their case.

    A case whose name is no code gets a new one, and the name is not stored. One with a known code is that one.
    """
    session, study, understood = incoming.session, incoming.study, incoming.understood
    known = session.execute(select(Participant.code, Participant.id).where(Participant.study_id == study.id))
    taken = {row.code: row.id for row in known}
    variables = {variable.guid: variable.name for variable in understood.variables}
    details = {line.get("uuid"): line for line in incoming.side.all("participant")}
    ids: dict[str, int] = {}
    new: list[tuple[Case, str, dict[str, Any]]] = []
    renamed = 0
    for case in understood.cases:
        code = _code_of(case, details.get(case.guid, {}), names_are_codes=incoming.choices.names_are_codes)
        if taken.get(code):
            ids.setdefault(case.guid, taken[code])
            continue
        if not code or code in taken:
            renamed += bool(case.name)
            code = _unused(taken)
        taken[code] = 0
        new.append((case, code, _facts(case, variables, details.get(case.guid, {}))))
    uuids = incoming.identities.choose(Participant, [case.guid for case, _, _ in new])
    rows = [
        {"uuid": uuid, "study_id": study.id, "code": code, **facts}
        for (_, code, facts), uuid in zip(new, uuids, strict=True)
    ]
    for (case, _, _), participant_id in zip(new, add_many(session, incoming.actor, Participant, rows), strict=True):
        ids.setdefault(case.guid, participant_id)
    if ids:
        record(session, incoming.actor, "imported", study, touches=sorted({f"PAR-{number}" for number in ids.values()}))
    incoming.problems.extend(_told(understood, renamed))
    return ids


def _code_of(case: Case, details: Mapping[str, Any], *, names_are_codes: bool) -> str:
    told = details.get("code")
    name = str(told) if isinstance(told, str) else " ".join(clean(case.name).split())
    fits = 0 < len(name) <= _LONGEST_CODE
    if fits and (told or names_are_codes or _LIKE_A_CODE.fullmatch(name)):
        return name.upper()
    return ""


def _facts(case: Case, variables: Mapping[str, str], details: Mapping[str, Any]) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    for guid, value in case.values:
        name = " ".join(clean(variables.get(guid, "")).split())[:200]
        if name and not tells_who(name):
            facts[name] = _as_text(value)
    group = details.get("group", facts.pop("group", ""))
    facts.pop("group", None)
    return {"group": str(group)[:200], "attributes": facts}


def _as_text(value: Value) -> str:
    """Attributes are text here; the type that the file gave them is kept beside."""
    return str(value).lower() if isinstance(value, bool) else clean(str(value))[:2_000]


def _told(understood: Understood, renamed: int) -> list[Problem]:
    told = []
    if renamed:
        why = "their names may be people’s own, so each has a new code. The names are in the file that is kept."
        told.append(Problem("case", f"{renamed} names of cases", why, is_lost=False))
    for variable in understood.variables:
        if tells_who(variable.name):
            why = "it may say who somebody is, which no participant here holds."
            told.append(Problem("attribute", variable.name, why))
    return told


def _unused(taken: Mapping[str, int]) -> str:
    while True:
        code = "P-" + "".join(secrets.choice(_ALPHABET) for _ in range(4))
        if code not in taken:
            return code
