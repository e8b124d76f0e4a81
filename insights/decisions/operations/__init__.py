"""Changes to decisions, the insights they rest on, and what they changed."""

from insights.decisions.operations.changing import (
    describe_image,
    edit_change,
    record_change,
    set_change_image,
    set_image_deleted,
)
from insights.decisions.operations.choosing import ChosenEvidence, link_chosen
from insights.decisions.operations.deciding import (
    accept_decision,
    defer_decision,
    deprecate_decision,
    reject_decision,
    supersede_decision,
)
from insights.decisions.operations.delivering import (
    add_delivery_link,
    set_delivery,
    set_delivery_link_deleted,
    set_work_state,
)
from insights.decisions.operations.linking import UNLINKED, link_insight, reaffirm_link, restore_link, unlink_insight
from insights.decisions.operations.writing import (
    LONGEST_SECTION,
    OPEN_STATUSES,
    DecisionText,
    draft_decision,
    edit_decision,
)

__all__ = [
    "LONGEST_SECTION",
    "OPEN_STATUSES",
    "UNLINKED",
    "ChosenEvidence",
    "DecisionText",
    "accept_decision",
    "add_delivery_link",
    "defer_decision",
    "deprecate_decision",
    "describe_image",
    "draft_decision",
    "edit_change",
    "edit_decision",
    "link_chosen",
    "link_insight",
    "reaffirm_link",
    "record_change",
    "reject_decision",
    "restore_link",
    "set_change_image",
    "set_delivery",
    "set_delivery_link_deleted",
    "set_image_deleted",
    "set_work_state",
    "supersede_decision",
    "unlink_insight",
]
