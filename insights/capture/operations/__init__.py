"""Changes to studies, research sessions and source texts."""

from insights.capture.operations.drafts import LONGEST_DRAFT, discard_draft, save_draft
from insights.capture.operations.sessions import (
    LONGEST_NOTE,
    create_research_session,
    edit_session_details,
    log_research_session,
    set_participants,
    set_session_deleted,
)
from insights.capture.operations.studies import create_study, edit_study, set_study_access
from insights.capture.operations.texts import (
    LONGEST_SOURCE,
    NewPage,
    NewUtterance,
    OriginalFile,
    ReportDetails,
    SourceDetails,
    add_text_version,
    attach_original,
    import_report,
    set_source_deleted,
    store_source,
)

__all__ = [
    "LONGEST_DRAFT",
    "LONGEST_NOTE",
    "LONGEST_SOURCE",
    "NewPage",
    "NewUtterance",
    "OriginalFile",
    "ReportDetails",
    "SourceDetails",
    "add_text_version",
    "attach_original",
    "create_research_session",
    "create_study",
    "discard_draft",
    "edit_session_details",
    "edit_study",
    "import_report",
    "log_research_session",
    "save_draft",
    "set_participants",
    "set_session_deleted",
    "set_source_deleted",
    "set_study_access",
    "store_source",
]
