"""Whether an edit brought in something that the person who looked the text through cannot have seen."""

from __future__ import annotations

from sqlalchemy.orm import Session

from insights.capture.models import PersonalDataReview, SourceText
from insights.coding.personal_data.known import known_names
from insights.coding.personal_data.scan import scan


def look_again_after(session: Session, source: SourceText, old_text: str, new_text: str) -> None:
    """Takes the review back where the new text holds something that the old one did not."""
    if source.personal_data_review is not PersonalDataReview.REVIEWED:
        return
    known = known_names(session, [source.study_id])
    before, after = (
        {(hit.kind, hit.text.casefold()) for hit in scan({"": each}, known)} for each in (old_text, new_text)
    )
    if after - before:
        source.personal_data_review = PersonalDataReview.NOT_REVIEWED
        source.personal_data_reviewed_at = source.personal_data_reviewed_by_id = None
