"""Questions that nothing answers yet, the research that people ask for, and what everybody may read."""

from research_hub.web.openness import answering, entries, follow_ups, publishing, questions, requests
from research_hub.web.openness.blueprint import bp

__all__ = ["answering", "bp", "entries", "follow_ups", "publishing", "questions", "requests"]
