"""Memos: what a researcher thinks while coding, on a highlight, a session, a source, a study or a tag (C5)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, String, cast, func, literal, or_, select
from sqlalchemy.orm import Session

from insights.capture.access import visible_studies
from insights.capture.models import Study
from insights.capture.queries import get_research_session, get_source, get_study
from insights.coding.models import Highlight, Memo, Tag
from insights.coding.personal_data.fields import require_looked_through
from insights.coding.queries import get_highlight, get_tag
from insights.core.activity import add, record, touch
from insights.core.base import number_of
from insights.core.checks import optional_line, required_text
from insights.core.clock import now
from insights.core.errors import NotFound, RuleBroken, StaleRecord
from insights.people.models import Member
from insights.people.operations import require_same_area

LONGEST_MEMO = 20_000


@dataclass(frozen=True, slots=True)
class MemoRow:
    """`text` is Markdown; `by` the name of who wrote it, empty where it came from another program."""

    id: int
    ref: str
    subject_ref: str
    title: str
    text: str
    by: str
    created_at: datetime
    updated_at: datetime
    own: bool


def write_memo(session: Session, *, actor: Member, about: str, text: str, title: str = "", may_stand: str = "") -> Memo:
    """A memo on the record with that ref. Raises NotFound where the member may not see it, and InvalidInput where it
    holds what may give somebody away, until `may_stand` says why it may.
    """
    subject_ref, study = _subject(session, actor, about)
    if study is not None:
        require_same_area(session, actor, study.team_id)
    memo = Memo(
        subject_ref=subject_ref,
        study_id=None if study is None else study.id,
        title=optional_line("title", title, label="the title", longest=200),
        text=required_text("text", text, label="the memo", longest=LONGEST_MEMO),
    )
    add(session, actor, memo)
    _look_through(session, actor, memo, may_stand)
    record(session, actor, "wrote", memo, detail={"about": subject_ref})
    return memo


def edit_memo(
    session: Session,
    *,
    actor: Member,
    memo: Memo,
    text: str,
    title: str = "",
    row_version: int | None = None,
    may_stand: str = "",
) -> None:
    _require_own(actor, memo)
    if row_version is not None and row_version != memo.row_version:
        raise StaleRecord(memo.ref, {"text": memo.text}, {"text": text}, memo.row_version)
    memo.title = optional_line("title", title, label="the title", longest=200)
    memo.text = required_text("text", text, label="the memo", longest=LONGEST_MEMO)
    _look_through(session, actor, memo, may_stand)
    touch(session, actor, memo)
    record(session, actor, "edited", memo, detail={"about": memo.subject_ref})


def set_memo_deleted(session: Session, *, actor: Member, memo: Memo, deleted: bool) -> None:
    _require_own(actor, memo)
    memo.deleted_at = now(session) if deleted else None
    touch(session, actor, memo)
    record(session, actor, "deleted" if deleted else "restored", memo, detail={"about": memo.subject_ref})


def get_memo(session: Session, member: Member, ref: str) -> Memo:
    """Also one that was deleted, so that it can be brought back. Raises NotFound out of scope."""
    memo = session.scalar(select(Memo).where(Memo.id == (number_of(ref, Memo.PREFIX) or 0)))
    if memo is None:
        raise NotFound(ref)
    _subject(session, member, memo.subject_ref)
    return memo


def memos_on(session: Session, member: Member, refs: Sequence[str]) -> list[MemoRow]:
    """Those on the named records, the oldest first. Scope was checked when the records were opened."""
    return _rows(session, member, Memo.subject_ref.in_(refs)) if refs else []


def memos_on_source(session: Session, member: Member, source_id: int, session_ref: str | None) -> list[MemoRow]:
    """Those on a text, on its session and on its highlights, the oldest first; scope was checked when it was opened."""
    quotes = select(literal("HL-") + cast(Highlight.id, String)).where(Highlight.source_text_id == source_id)
    refs = [f"SRC-{source_id}", *([session_ref] if session_ref else [])]
    return _rows(session, member, or_(Memo.subject_ref.in_(refs), Memo.subject_ref.in_(quotes)))


def by_highlight(memos: Iterable[MemoRow]) -> Mapping[int, list[MemoRow]]:
    """Those of the memos that are on highlights, by the highlight's id."""
    found: dict[int, list[MemoRow]] = {}
    for memo in memos:
        number = number_of(memo.subject_ref, Highlight.PREFIX)
        if number is not None:
            found.setdefault(number, []).append(memo)
    return found


def list_memos(session: Session, member: Member, *, study_id: int | None = None) -> list[MemoRow]:
    """All memos of a study, or of every study that the member may see and of the codebook; the oldest first."""
    seen = Memo.study_id.in_(select(Study.id).where(visible_studies(member)))
    if study_id is not None:
        return _rows(session, member, Memo.study_id == study_id, seen)
    return _rows(session, member, or_(Memo.study_id.is_(None), seen))


def count_memos(session: Session, study_id: int) -> int:
    """How many memos a study holds, on whatever; scope was checked when the study was opened."""
    query = select(func.count(Memo.id)).where(Memo.study_id == study_id, Memo.deleted_at.is_(None))
    return session.scalar(query) or 0


def _rows(session: Session, member: Member, *clauses: ColumnElement[bool]) -> list[MemoRow]:
    query = (
        select(Memo, Member.name)
        .outerjoin(Member, Member.id == Memo.created_by_id)
        .where(Memo.deleted_at.is_(None), *clauses)
        .order_by(Memo.id)
    )
    return [
        MemoRow(
            memo.id,
            memo.ref,
            memo.subject_ref,
            memo.title,
            memo.text,
            name or "",
            memo.created_at,
            memo.updated_at,
            memo.created_by_id == member.id,
        )
        for memo, name in session.execute(query)
    ]


def _subject(session: Session, member: Member, ref: str) -> tuple[str, Study | None]:
    """The ref as it is written, and the study whose members may read a memo on it."""
    kind = ref.strip().upper().partition("-")[0]
    if kind == "HL":
        highlight, _source = get_highlight(session, member, ref)
        return highlight.ref, session.get(Study, highlight.study_id)
    if kind == "SES":
        held, study = get_research_session(session, member, ref)
        return held.ref, study
    if kind == "SRC":
        source, study = get_source(session, member, ref)
        return source.ref, study
    if kind == "STU":
        study = get_study(session, member, ref)
        return study.ref, study
    if kind == "TAG":
        tag = session.get_one(Tag, get_tag(session, member, ref).id)
        return tag.ref, None if tag.study_id is None else session.get(Study, tag.study_id)
    raise NotFound(ref)


def _look_through(session: Session, actor: Member, memo: Memo, may_stand: str) -> None:
    """Whoever may see the study reads its memos, and everybody those on tags of the organisation."""
    require_looked_through(
        session,
        actor=actor,
        subject=memo,
        fields={"title": memo.title, "text": memo.text},
        study_ids=[] if memo.study_id is None else [memo.study_id],
        may_stand=may_stand,
    )


def _require_own(actor: Member, memo: Memo) -> None:
    if memo.created_by_id is not None and memo.created_by_id != actor.id:
        raise RuleBroken("Only who wrote a memo may change it. Write one of your own beside it.")
