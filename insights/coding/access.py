"""Which quotes a member may read on a page (docs/adr/0017): the people of a study all of its quotes, others those whose
speakers agree to sharing in the organisation, as far as a consent is recorded.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import ColumnElement, and_, or_

from insights.capture.inside import SHARED, inside_studies, is_looked_through, sessions_heard_by
from insights.coding.models import Highlight
from insights.people.models import Member
from insights.people.participants.lacking import people_lacking


def readable_quotes(member: Member | None, on: date) -> ColumnElement[bool]:
    """Quotes that a member may read where they are cited. Needs `Highlight` and its `Study` in the query."""
    return or_(inside_studies(member), ~_is_kept_back(on))


def listed_quotes(member: Member | None, on: date) -> ColumnElement[bool]:
    """Quotes that a member may come upon in lists and by words. Needs the `SourceText`, too.

    What nobody has looked through for personal data is not found outside its study; cited in an insight it is read,
    for somebody chose the passage and published it.
    """
    return or_(inside_studies(member), and_(is_looked_through(), ~_is_kept_back(on)))


def _is_kept_back(on: date) -> ColumnElement[bool]:
    lacking = people_lacking(SHARED, on)
    by_speaker = and_(Highlight.participant_id.is_not(None), Highlight.participant_id.in_(lacking))
    by_session = and_(
        Highlight.participant_id.is_(None),
        Highlight.research_session_id.is_not(None),
        Highlight.research_session_id.in_(sessions_heard_by(lacking)),
    )
    return or_(by_speaker, by_session)
