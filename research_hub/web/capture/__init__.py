"""Log: studies, research sessions and the reader."""

from research_hub.web.capture import drafts, log, reports, sessions, studies
from research_hub.web.capture.blueprint import bp

__all__ = ["bp", "drafts", "log", "reports", "sessions", "studies"]
