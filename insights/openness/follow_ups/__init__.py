"""Participant follow-up: who may be told what their words led to, with which message, and that they were (J2)."""

from insights.openness.follow_ups.message import (
    PLACES,
    Message,
    Words,
    fill_message,
    save_template,
    template_of,
)
from insights.openness.follow_ups.sending import FOLLOW_UP, address_to_write_to, mark_follow_up_sent
from insights.openness.follow_ups.telling import (
    mark_told,
    queue_follow_ups,
    take_follow_up_back,
)
from insights.openness.follow_ups.who import FollowUpRow, Standing, cited_people, follow_ups_of_study

__all__ = [
    "FOLLOW_UP",
    "PLACES",
    "FollowUpRow",
    "Message",
    "Standing",
    "Words",
    "address_to_write_to",
    "cited_people",
    "fill_message",
    "follow_ups_of_study",
    "mark_follow_up_sent",
    "mark_told",
    "queue_follow_ups",
    "save_template",
    "take_follow_up_back",
    "template_of",
]
