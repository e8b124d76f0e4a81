"""Insights: the claim, what it rests on, how sure we are, and what became of it; boards and themes on the way there."""

from research_hub.web.synthesis import (
    answers,
    board_moves,
    boards,
    contradictions,
    evidence,
    insights,
    lifecycle,
    looking_again,
    merging,
    recommendations,
    similar,
    themes,
)
from research_hub.web.synthesis.blueprint import bp

__all__ = [
    "answers",
    "board_moves",
    "boards",
    "bp",
    "contradictions",
    "evidence",
    "insights",
    "lifecycle",
    "looking_again",
    "merging",
    "recommendations",
    "similar",
    "themes",
]
