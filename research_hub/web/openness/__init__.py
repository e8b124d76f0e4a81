"""Questions that nothing answers yet, and the research that people ask for."""

from research_hub.web.openness import answering, questions, requests
from research_hub.web.openness.blueprint import bp

__all__ = ["answering", "bp", "questions", "requests"]
