"""Reads about studies, sessions and texts, scoped to the member, as frozen rows."""

from insights.capture.queries.places import (
    Beside,
    PageRow,
    RecordingRow,
    UtteranceRow,
    beside,
    get_recording,
    speaker_at,
    utterances_and_pages,
)
from insights.capture.queries.reading import (
    LogState,
    SourcePage,
    draft_of,
    find_source_page,
    ref_to_open,
    source_page,
    text_version,
)
from insights.capture.queries.sources import SessionRow, get_research_session, get_source, list_sources
from insights.capture.queries.studies import StudyRow, get_study, list_studies, named_members, study_choices

__all__ = [
    "Beside",
    "LogState",
    "PageRow",
    "RecordingRow",
    "SessionRow",
    "SourcePage",
    "StudyRow",
    "UtteranceRow",
    "beside",
    "draft_of",
    "find_source_page",
    "get_recording",
    "get_research_session",
    "get_source",
    "get_study",
    "list_sources",
    "list_studies",
    "named_members",
    "ref_to_open",
    "source_page",
    "speaker_at",
    "study_choices",
    "text_version",
    "utterances_and_pages",
]
