"""Insights: the claim, what it rests on, how sure we are, and what became of it."""

from research_hub.web.synthesis import answers, contradictions, evidence, insights, lifecycle, recommendations
from research_hub.web.synthesis.blueprint import bp

__all__ = ["answers", "bp", "contradictions", "evidence", "insights", "lifecycle", "recommendations"]
