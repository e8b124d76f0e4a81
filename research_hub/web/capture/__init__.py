"""Log: studies, research sessions and the reader."""

from research_hub.web.capture import (
    attendance,
    consent_forms,
    consents,
    drafts,
    group_consents,
    inclusion,
    live_log,
    log,
    notes,
    participants,
    plans,
    recordings,
    reports,
    sessions,
    studies,
    study_states,
    templates,
)
from research_hub.web.capture.blueprint import bp

__all__ = [
    "attendance",
    "bp",
    "consent_forms",
    "consents",
    "drafts",
    "group_consents",
    "inclusion",
    "live_log",
    "log",
    "notes",
    "participants",
    "plans",
    "recordings",
    "reports",
    "sessions",
    "studies",
    "study_states",
    "templates",
]
