"""Who has what, looked through person by person and answered for, twice a year (features.md L1)."""

from insights.stewardship.access_review.answering import answer_row, take_back_answer
from insights.stewardship.access_review.beginning import begin_review
from insights.stewardship.access_review.closing import close_review
from insights.stewardship.access_review.due import ReviewDue, review_due
from insights.stewardship.access_review.queries import (
    Person,
    ReviewRow,
    Shown,
    areas_to_review,
    get_review,
    list_reviews,
    shown_review,
)
from insights.stewardship.access_review.scope import reviews_everything, reviews_something

__all__ = [
    "Person",
    "ReviewDue",
    "ReviewRow",
    "Shown",
    "answer_row",
    "areas_to_review",
    "begin_review",
    "close_review",
    "get_review",
    "list_reviews",
    "review_due",
    "reviews_everything",
    "reviews_something",
    "shown_review",
    "take_back_answer",
]
