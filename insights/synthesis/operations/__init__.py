"""Changes to insights: writing, evidence, confidence and the way from draft to publication."""

from insights.synthesis.operations.evidence import (
    attach_external_source,
    attach_highlight,
    attach_insight,
    detach_evidence,
)
from insights.synthesis.operations.publication import (
    challenge_insight,
    publish_insight,
    retire_insight,
    return_to_draft,
    submit_for_review,
    supersede_insight,
    unretire_insight,
)
from insights.synthesis.operations.revalidating import ask_to_look_again, revalidate_insight
from insights.synthesis.operations.versions import evidence_count, mark_minor, save_version
from insights.synthesis.operations.writing import ConfidenceJudgement, assess_confidence, edit_insight, write_insight

__all__ = [
    "ConfidenceJudgement",
    "ask_to_look_again",
    "assess_confidence",
    "attach_external_source",
    "attach_highlight",
    "attach_insight",
    "challenge_insight",
    "detach_evidence",
    "edit_insight",
    "evidence_count",
    "mark_minor",
    "publish_insight",
    "retire_insight",
    "return_to_draft",
    "revalidate_insight",
    "save_version",
    "submit_for_review",
    "supersede_insight",
    "unretire_insight",
    "write_insight",
]
