"""Studies, research sessions, source texts, live logs and templates."""

from insights.capture.models.break_glass import BreakGlass, GlassState
from insights.capture.models.live_log import LiveLog, LogLine
from insights.capture.models.studies import (
    Attendance,
    AttendanceRole,
    Hypothesis,
    HypothesisVerdict,
    InclusionTarget,
    Method,
    PriorWorkVerdict,
    ResearchSession,
    SessionStatus,
    Study,
    StudyStatus,
    session_participants,
    study_members,
)
from insights.capture.models.templates import TemplateKind, TextTemplate, TextTemplateVersion
from insights.capture.models.texts import (
    Attachment,
    Draft,
    PersonalDataReview,
    Recording,
    SourceKind,
    SourceText,
    TextPage,
    TextVersion,
    Utterance,
)

__all__ = [
    "Attachment",
    "Attendance",
    "AttendanceRole",
    "BreakGlass",
    "Draft",
    "GlassState",
    "Hypothesis",
    "HypothesisVerdict",
    "InclusionTarget",
    "LiveLog",
    "LogLine",
    "Method",
    "PersonalDataReview",
    "PriorWorkVerdict",
    "Recording",
    "ResearchSession",
    "SessionStatus",
    "SourceKind",
    "SourceText",
    "Study",
    "StudyStatus",
    "TemplateKind",
    "TextPage",
    "TextTemplate",
    "TextTemplateVersion",
    "TextVersion",
    "Utterance",
    "session_participants",
    "study_members",
]
