"""The plan of a study, its hypotheses, and the look at what is already known (features.md E7, M2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.capture.models import Hypothesis, HypothesisVerdict, PriorWorkVerdict, Study, TextTemplateVersion
from insights.core.activity import add, record, touch
from insights.core.checks import optional_line, required_line, required_text, term_of, text_of
from insights.core.clock import now, today
from insights.core.concurrency import refuse_stale
from insights.core.errors import InvalidInput, NotFound
from insights.people.models import Member
from insights.people.operations import require_same_area

LONGEST_PLAN = 200_000
MOST_GOALS = 30
MOST_REFS = 50


@dataclass(frozen=True, slots=True)
class HypothesisRow:
    id: int
    ref: str
    statement: str
    verdict: str
    rationale: str
    row_version: int


def write_plan(
    session: Session,
    *,
    actor: Member,
    study: Study,
    question: str,
    goals: Sequence[str],
    plan: str,
    template_version: TextTemplateVersion | None = None,
    row_version: int | None = None,
) -> None:
    """`plan` is Markdown. Raises StaleRecord where somebody saved the study meanwhile with other words."""
    require_same_area(session, actor, study.team_id)
    new_question = text_of("question", question, label="the question", longest=20_000)
    new_plan = text_of("plan", plan, label="the plan", longest=LONGEST_PLAN)
    refuse_stale(study, row_version, {"question": new_question, "plan": new_plan})
    study.question, study.plan, study.goals = new_question, new_plan, _goals(goals)
    if template_version is not None:
        study.plan_template_version_id = template_version.id
    touch(session, actor, study)
    record(session, actor, "planned", study)


def add_hypothesis(session: Session, *, actor: Member, study: Study, statement: str) -> Hypothesis:
    require_same_area(session, actor, study.team_id)
    hypothesis = Hypothesis(study_id=study.id, statement=_statement(statement))
    add(session, actor, hypothesis)
    record(session, actor, "added", hypothesis, touches=[study.ref])
    return hypothesis


def judge_hypothesis(
    session: Session,
    *,
    actor: Member,
    hypothesis: Hypothesis,
    study: Study,
    statement: str,
    verdict: str,
    rationale: str,
    row_version: int | None = None,
) -> None:
    """What the study found of it; an empty verdict leaves it open. A verdict says on what it rests."""
    require_same_area(session, actor, study.team_id)
    new_statement = _statement(statement)
    new_verdict = term_of("verdict", HypothesisVerdict, verdict, label="a verdict") if verdict else None
    new_rationale = text_of("rationale", rationale, label="what it rests on", longest=5_000)
    if new_verdict is not None and not new_rationale:
        raise InvalidInput.of("rationale", "Say in a sentence what the verdict rests on.")
    refuse_stale(hypothesis, row_version, {"statement": new_statement, "rationale": new_rationale})
    hypothesis.statement, hypothesis.verdict, hypothesis.rationale = new_statement, new_verdict, new_rationale
    touch(session, actor, hypothesis)
    record(session, actor, "judged", hypothesis, touches=[study.ref], detail={"verdict": verdict})


def set_hypothesis_removed(
    session: Session, *, actor: Member, hypothesis: Hypothesis, study: Study, removed: bool
) -> None:
    require_same_area(session, actor, study.team_id)
    hypothesis.removed_at = now(session) if removed else None
    touch(session, actor, hypothesis)
    record(session, actor, "removed" if removed else "restored", hypothesis, touches=[study.ref])


def hypotheses_of(session: Session, study: Study) -> list[HypothesisRow]:
    """In the order in which they were written down."""
    query = (
        select(Hypothesis)
        .where(Hypothesis.study_id == study.id, Hypothesis.removed_at.is_(None))
        .order_by(Hypothesis.id)
    )
    return [
        HypothesisRow(
            each.id,
            each.ref,
            each.statement,
            each.verdict.value if each.verdict else "",
            each.rationale,
            each.row_version,
        )
        for each in session.scalars(query)
    ]


def get_hypothesis(session: Session, study: Study, hypothesis_id: int) -> Hypothesis:
    """Raises NotFound for one of another study; removed ones can be had, to be brought back."""
    found = session.get(Hypothesis, hypothesis_id)
    if found is None or found.study_id != study.id:
        raise NotFound(f"{Hypothesis.PREFIX}-{hypothesis_id}")
    return found


def record_prior_work(
    session: Session,
    *,
    actor: Member,
    study: Study,
    note: str,
    refs: Sequence[str] = (),
    verdicts: Mapping[str, str] | None = None,
) -> None:
    """That somebody has looked at what is already known: the day, who, what was made of each, and a sentence on it.

    `refs` are records that matter; `verdicts` says of records by ref whether they are used, not relevant, or need to be
    tested again, and the first and last of these matter too.
    """
    require_same_area(session, actor, study.team_id)
    said = required_text("note", note, label="a sentence on what you found, also where it is nothing", longest=5_000)
    judged = {
        _known_ref(ref): term_of("verdicts", PriorWorkVerdict, verdict, label="what you make of it")
        for ref, verdict in (verdicts or {}).items()
        if verdict
    }
    known = [_known_ref(ref) for ref in refs]
    known += [ref for ref, verdict in judged.items() if verdict is not PriorWorkVerdict.NOT_RELEVANT]
    study.prior_work_note = said
    study.prior_work_refs = list(dict.fromkeys(ref for ref in known if ref))[:MOST_REFS]
    study.prior_work_verdicts = {ref: verdict.value for ref, verdict in list(judged.items())[:MOST_REFS] if ref}
    study.prior_work_checked_on, study.prior_work_checked_by_id = today(session), actor.id
    touch(session, actor, study)
    detail = {"refs": study.prior_work_refs, "verdicts": study.prior_work_verdicts}
    record(session, actor, "checked prior work of", study, detail=detail)


def _known_ref(ref: str) -> str:
    return optional_line("refs", ref, label="the reference", longest=40).upper()


def _statement(statement: str) -> str:
    return required_line("statement", statement, label="the hypothesis as a sentence that can be true or false")


def _goals(goals: Sequence[str]) -> list[str]:
    kept = [line for goal in goals if (line := optional_line("goals", goal, label="a goal"))]
    if len(kept) > MOST_GOALS:
        raise InvalidInput.of("goals", f"Enter {MOST_GOALS} goals at most; there are {len(kept)}.")
    return kept
