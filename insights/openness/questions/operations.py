"""Keeps what is searched for in vain. No operation here takes, keeps or records a member: nobody is to be told apart.

Words are kept from the second day on which they are asked. Of the first day only a digest is held, keyed with a secret
that is not in the database, so that words which one person typed once can be read by nobody.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import date, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from insights.core.clock import today
from insights.core.errors import InvalidInput
from insights.openness.models import AskedQuestion, QuestionTrace
from insights.openness.questions.grouping import group_of, looks_personal, tidy_words

KEPT_FOR = timedelta(days=90)
"""How long the digest of words that were asked on a single day is held."""

LONGEST_TITLE = 500


def note_search(session: Session, *, words: str, found: bool, secret: str) -> AskedQuestion | None:
    """Counts a search. Returns the question where its words are kept; None where they were asked on one day only.

    Words that may name somebody, references and searches by field leave no trace at all.
    """
    key, on = group_of(words), today(session)
    if not key:
        return None
    question = _question(session, key)
    if question is None:
        question = _question_of_second_day(session, key, words, on, secret)
    if question is None:
        _trace(session, key, on, secret, found=found)
        return None
    _asked(question, on)
    question.searches += 1
    question.without_hits += not found
    session.flush()
    return question


def note_opened(session: Session, *, words: str, secret: str) -> None:
    """Counts that a hit of a search was opened; of words that leave no trace nothing is counted."""
    key = group_of(words)
    found = _question(session, key) or session.get(QuestionTrace, _digest(key, secret)) if key else None
    if found is not None:
        found.opened += 1
        session.flush()


def report_missing(session: Session, *, words: str) -> AskedQuestion:
    """Keeps a question at once, for somebody who was shown what is kept says that no relevant evidence was found.

    Raises InvalidInput where the words may hold personal data or ask nothing.
    """
    tidy = " ".join(words.split())[:LONGEST_TITLE]
    if looks_personal(tidy):
        raise InvalidInput.of(
            "words",
            "The question may name somebody: it holds an address, a number or a title before a name. Reword it.",
        )
    key, on = group_of(tidy) or tidy_words(tidy)[:300], today(session)
    if not key:
        raise InvalidInput.of("words", "Write the question in words.")
    question = _question(session, key)
    if question is None:
        question = AskedQuestion(
            key=key, words=tidy, first_on=on, last_on=on, days=1, searches=0, without_hits=0, opened=0, missed=0
        )
        session.add(question)
    _asked(question, on)
    question.missed += 1
    session.flush()
    return question


def _question(session: Session, key: str) -> AskedQuestion | None:
    return session.scalar(select(AskedQuestion).where(AskedQuestion.key == key))


def _question_of_second_day(session: Session, key: str, words: str, on: date, secret: str) -> AskedQuestion | None:
    """The question that a trace of an earlier day becomes, with its counts."""
    trace = session.get(QuestionTrace, _digest(key, secret))
    if trace is None or trace.asked_on >= on or trace.asked_on < on - KEPT_FOR:
        return None
    question = AskedQuestion(
        key=key,
        words=tidy_words(words),
        first_on=trace.asked_on,
        last_on=trace.asked_on,
        days=1,
        searches=trace.searches,
        without_hits=trace.without_hits,
        opened=trace.opened,
        missed=0,
    )
    session.add(question)
    session.delete(trace)
    return question


def _trace(session: Session, key: str, on: date, secret: str, *, found: bool) -> None:
    session.execute(delete(QuestionTrace).where(QuestionTrace.asked_on < on - KEPT_FOR))
    digest = _digest(key, secret)
    trace = session.get(QuestionTrace, digest)
    if trace is None:
        trace = QuestionTrace(digest=digest, asked_on=on, searches=0, without_hits=0, opened=0)
        session.add(trace)
    trace.searches += 1
    trace.without_hits += not found
    session.flush()


def _asked(question: AskedQuestion, on: date) -> None:
    if question.last_on < on:
        question.last_on = on
        question.days += 1


def _digest(key: str, secret: str) -> str:
    return hmac.new(secret.encode(), key.encode(), hashlib.sha256).hexdigest()
