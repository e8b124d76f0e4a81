"""Questions that were asked in vain, and the research that people ask for."""

from insights.openness.models.questions import AskedQuestion, QuestionTrace
from insights.openness.models.requests import RequestBacking, RequestStatus, ResearchRequest

__all__ = ["AskedQuestion", "QuestionTrace", "RequestBacking", "RequestStatus", "ResearchRequest"]
