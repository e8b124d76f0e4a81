"""The list of words that mean the same: kept by those who keep the codebook, used by every search."""

from insights.coding.synonyms.operations import (
    AddedGroups,
    add_starting_groups,
    add_synonym_group,
    edit_synonym_group,
    import_synonym_groups,
    set_synonym_group_deleted,
)
from insights.coding.synonyms.queries import SynonymsState, get_synonym_group, list_synonym_groups, synonyms_state
from insights.coding.synonyms.starting import STARTING_GROUPS

__all__ = [
    "STARTING_GROUPS",
    "AddedGroups",
    "SynonymsState",
    "add_starting_groups",
    "add_synonym_group",
    "edit_synonym_group",
    "get_synonym_group",
    "import_synonym_groups",
    "list_synonym_groups",
    "set_synonym_group_deleted",
    "synonyms_state",
]
