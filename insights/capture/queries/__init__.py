"""Reads about studies, sessions and texts, scoped to the member, as frozen rows."""

from insights.capture.queries.places import (
    PageRow,
    RecordingRow,
    UtteranceRow,
    get_recording,
    pages_of,
    recordings_of,
    speaker_at,
    utterances_of,
)
from insights.capture.queries.reading import SourcePage, draft_of, other_texts, ref_to_open, source_page, text_version
from insights.capture.queries.sources import SessionRow, get_research_session, get_source, list_sources
from insights.capture.queries.studies import StudyRow, get_study, list_studies, named_members, study_choices

__all__ = [
    "PageRow",
    "RecordingRow",
    "SessionRow",
    "SourcePage",
    "StudyRow",
    "UtteranceRow",
    "draft_of",
    "get_recording",
    "get_research_session",
    "get_source",
    "get_study",
    "list_sources",
    "list_studies",
    "named_members",
    "other_texts",
    "pages_of",
    "recordings_of",
    "ref_to_open",
    "source_page",
    "speaker_at",
    "study_choices",
    "text_version",
    "utterances_of",
]
