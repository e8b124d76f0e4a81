"""Reads about studies, sessions and texts, scoped to the member, as frozen rows."""

from insights.capture.queries.reading import SourcePage, draft_of, source_page, text_version
from insights.capture.queries.sources import SessionRow, get_research_session, get_source, list_sources
from insights.capture.queries.studies import StudyRow, get_study, list_studies, named_members, study_choices

__all__ = [
    "SessionRow",
    "SourcePage",
    "StudyRow",
    "draft_of",
    "get_research_session",
    "get_source",
    "get_study",
    "list_sources",
    "list_studies",
    "named_members",
    "source_page",
    "study_choices",
    "text_version",
]
