"""Looking the fields of a record through for personal data before others read them (features.md L3).

Memos, observations, insights, recommendations and decisions are written by researchers, not heard: what is found is
said beside its field with the value masked, and whoever writes changes the words or says why they may stand. A reason
is kept for the value in that record, so that nobody is asked twice.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.capture.models import SourceText
from insights.coding.models import Highlight, TextJustification
from insights.coding.personal_data.known import known_people
from insights.coding.personal_data.masking import MASKS
from insights.coding.personal_data.rules import HIT_WORDS
from insights.coding.personal_data.scan import Hit, scan
from insights.core.activity import record
from insights.core.base import Record
from insights.core.checks import required_line
from insights.core.clock import now
from insights.core.errors import InvalidInput
from insights.core.keys import keys_of
from insights.people.models import Member

MAY_STAND = "may_stand"
"""The form's field that takes the reason."""

_AROUND = 50
_LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class ReasonRow:
    """A reason why something found may stand; the value itself is nowhere kept."""

    kind: str
    reason: str
    by: str


def require_looked_through(
    session: Session,
    *,
    actor: Member,
    subject: Record,
    fields: Mapping[str, str],
    study_ids: Collection[int],
    may_stand: str = "",
) -> None:
    """Passes where nothing is found in the fields, or where a reason is given for all that is; keeps that reason.

    `fields` maps a form's field to its text, `study_ids` are the studies whose people it may tell of. Raises
    InvalidInput with each field's finding, masked, and with `may_stand`.
    """
    known = known_people(session, study_ids)
    reasons = _reasons(session, subject)
    waiting = [hit for hit in scan(fields, known) if _key(session, subject, hit) not in reasons]
    if not waiting:
        return
    if not may_stand.strip():
        raise _found(fields, waiting)
    reason = required_line(MAY_STAND, may_stand, label="why it may stand", longest=_LONGEST_REASON)
    if scan({MAY_STAND: reason}, known):
        raise InvalidInput.of(MAY_STAND, "The reason may give somebody away as well. Say it without the value itself.")
    for key, hit in {_key(session, subject, hit): hit for hit in waiting}.items():
        session.add(
            TextJustification(
                subject_ref=subject.ref, key=key, kind=hit.kind.value, reason=reason, by_id=actor.id, at=now(session)
            )
        )
    kinds = sorted({hit.kind.value for hit in waiting})
    session.flush()
    record(session, actor, "justified personal data in", subject, detail={"kinds": kinds, "fields": _names(waiting)})


def look_through_observation(
    session: Session, *, actor: Member, highlight: Highlight, source: SourceText, may_stand: str = ""
) -> None:
    """What a researcher notes beside a quote, which whoever may read the quote reads with it."""
    require_looked_through(
        session,
        actor=actor,
        subject=highlight,
        fields={"observation": highlight.observation},
        study_ids=[source.study_id],
        may_stand=may_stand,
    )


def reasons_of(session: Session, ref: str) -> list[ReasonRow]:
    """Why what was found in the record may stand, in the order in which it was said; one statement."""
    rows = session.execute(
        select(TextJustification, Member.name)
        .join(Member, Member.id == TextJustification.by_id)
        .where(TextJustification.subject_ref == ref)
        .order_by(TextJustification.id)
    )
    return [ReasonRow(each.kind, each.reason, name) for each, name in rows]


def _found(fields: Mapping[str, str], waiting: Sequence[Hit]) -> InvalidInput:
    told = {
        name: f"{_excerpt(fields[name], [hit for hit in waiting if hit.field == name])} "
        "Change the words, or say below why they may stand."
        for name in _names(waiting)
    }
    ask = "Others will read this. Say why what was found may stand, or change the words above."
    return InvalidInput(" ".join(["Something may give somebody away.", *told.values()]), told | {MAY_STAND: ask})


def _excerpt(text: str, hits: Sequence[Hit]) -> str:
    """The first finding with the words around it, every value masked: “… ring [telephone number removed] …”."""
    pieces, at = [], 0
    for hit in hits:
        pieces += [text[at : hit.start], MASKS[hit.kind]]
        at = hit.end
    before, first = pieces[0], MASKS[hits[0].kind]
    rest = "".join([*pieces[2:], text[at:]])
    shown = f"{'…' if len(before) > _AROUND else ''}{before[-_AROUND:]}{first}{rest[:_AROUND]}"
    kinds = " and ".join(dict.fromkeys(HIT_WORDS[hit.kind] for hit in hits))
    return f"“{' '.join(shown.split())}{'…' if len(rest) > _AROUND else ''}” holds what looks like {kinds}."


def _names(hits: Sequence[Hit]) -> list[str]:
    return list(dict.fromkeys(hit.field for hit in hits))


def _reasons(session: Session, subject: Record) -> set[str]:
    return set(session.scalars(select(TextJustification.key).where(TextJustification.subject_ref == subject.ref)))


def _key(session: Session, subject: Record, hit: Hit) -> str:
    """The same for the same value in one record, with the installation's key, so that nobody can try names at it."""
    told = f"personal data\n{subject.ref}\n{hit.kind.value}\n{' '.join(hit.text.casefold().split())}"
    return hmac.new(keys_of(session).audit, told.encode("utf-8", errors="replace"), hashlib.sha256).hexdigest()
