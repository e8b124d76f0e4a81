"""Highlights and tags, memos, coding rounds, and acts that can be undone."""

from insights.coding.models.acts import CodingAct
from insights.coding.models.highlights import Highlight, HighlightStatus, Tag, TagStatus, highlight_tags
from insights.coding.models.memos import Memo
from insights.coding.models.personal_data import Choice, PersonalDataChoice, Pseudonym, TextJustification
from insights.coding.models.rounds import CodingRound, LayerCoding, round_coders, round_sources, round_tags
from insights.coding.models.synonyms import SynonymGroup

__all__ = [
    "Choice",
    "CodingAct",
    "CodingRound",
    "Highlight",
    "HighlightStatus",
    "LayerCoding",
    "Memo",
    "PersonalDataChoice",
    "Pseudonym",
    "SynonymGroup",
    "Tag",
    "TagStatus",
    "TextJustification",
    "highlight_tags",
    "round_coders",
    "round_sources",
    "round_tags",
]
