"""Who is heard in sessions and quotes, as far as what they agreed to is recorded; and what still waits for a review."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from insights.capture.inside import SHARED
from insights.capture.models import PersonalDataReview, SourceText, session_participants
from insights.core.clock import today
from insights.people.models import Consent, Participant
from insights.people.participants.lacking import people_agreeing
from search_index.projection.audience import inside_token, person_tokens


class HeardPeople:
    """Of these sessions and of what is quoted from them; four statements at most, whatever their number."""

    def __init__(self, session: Session, session_ids: Iterable[int], speakers: Iterable[int] = ()) -> None:
        self._session = session
        held = sorted(set(session_ids))
        self._waiting = set(
            session.scalars(
                select(SourceText.research_session_id).where(
                    SourceText.research_session_id.in_(held),
                    SourceText.deleted_at.is_(None),
                    SourceText.personal_data_review == PersonalDataReview.NOT_REVIEWED,
                )
            )
        )
        self._present = self._people_in(held)
        everybody = {person for people in self._present.values() for person in people} | set(speakers)
        self._recorded = set(session.scalars(_with_a_record(everybody)))
        self._staying = set(session.scalars(_lasting_consents(self._recorded, today(session))))

    def session_audience(self, study_id: int, session_id: int) -> frozenset[str]:
        waits = {inside_token(study_id)} if session_id in self._waiting else set()
        return person_tokens(self._recorded & self._present.get(session_id, set())) | waits

    def quote_audience(
        self, study_id: int, source: SourceText, session_id: int | None, speaker_id: int | None
    ) -> frozenset[str]:
        waits = session_id is not None and source.personal_data_review is PersonalDataReview.NOT_REVIEWED
        return person_tokens(self._recorded & self._heard(session_id, speaker_id)) | (
            {inside_token(study_id)} if waits else set()
        )

    def lasting(self, source: SourceText, session_id: int | None, speaker_id: int | None) -> bool:
        """Whether the words may stand in a document of another record, whose audience does not name their speaker.

        A consent that runs out on a day does not last: those words are found as a quote, and hide on that day.
        """
        if session_id is not None and source.personal_data_review is PersonalDataReview.NOT_REVIEWED:
            return False
        return self._recorded & self._heard(session_id, speaker_id) <= self._staying

    def _heard(self, session_id: int | None, speaker_id: int | None) -> set[int]:
        return {speaker_id} if speaker_id is not None else self._present.get(session_id or 0, set())

    def _people_in(self, session_ids: Sequence[int]) -> dict[int, set[int]]:
        present, found = session_participants.c, defaultdict[int, set[int]](set)
        rows = self._session.execute(
            select(present.research_session_id, present.participant_id).where(
                present.research_session_id.in_(session_ids)
            )
        )
        for session_id, person in rows:
            found[session_id].add(person)
        return found


def _with_a_record(people: Iterable[int]) -> Select[int]:
    recorded = Participant.id.in_(select(Consent.participant_id))
    return select(Participant.id).where(
        Participant.id.in_(sorted(people)), or_(recorded, Participant.withdrawn_at.is_not(None))
    )


def _lasting_consents(people: Iterable[int], on: date) -> Select[int]:
    ending = select(Consent.participant_id).where(Consent.expires_on.is_not(None))
    return people_agreeing(SHARED, on).where(Participant.id.in_(sorted(people)), Participant.id.not_in(ending))
