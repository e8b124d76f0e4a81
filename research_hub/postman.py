"""The worker's other hand: looks for what is new, queues digests and sends mail, in a thread beside the index.

Nothing here keeps anything in memory between two rounds. What is due is read from the database by the clock, so that a
restart goes on where the last round stopped; a mail server that does not answer holds nobody up but the mail.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import structlog
from flask import Flask
from prometheus_client import Counter, Gauge

from insights.core.clock import Clock, SystemClock, now, set_clock
from insights.people.mail import (
    Letter,
    MailFailed,
    MailServer,
    as_message,
    begin_try,
    count_mails,
    due_mails,
    mark_failed,
    mark_not_needed,
    mark_sent,
    send,
)
from insights.people.models import Mail, MailState, Member
from insights.stewardship.following import (
    DIGEST,
    DueFollow,
    due_follows,
    look_at_record,
    look_at_search,
    queue_digests,
)
from insights.stewardship.models import Follow
from research_hub import account_mail, follow_up_mail, report_mail
from research_hub.config import Settings
from research_hub.db import db, reading, transaction
from research_hub.digest_mail import addresses_of, write_digest
from research_hub.follow_up_mail import WHEN_SENT, told_without_address
from research_hub.following import matches_of
from research_hub.read_only import read_only_mode
from research_hub.search_service import SearchService

ROUND_EVERY: Final = 30.0
"""Seconds between two rounds."""

MAIL_WAITING = Gauge("research_hub_mail_waiting", "Mails that wait to be sent.")
MAIL_GIVEN_UP = Gauge("research_hub_mail_given_up", "Mails that were given up; the page Mail says why.")
MAIL_SENT = Counter("research_hub_mail_sent", "Mails that the mail server took.")
POSTMAN_FAILURES = Counter("research_hub_postman_failures", "Rounds of looking and mailing that failed.")

log = structlog.get_logger()


class Postman:
    """The rounds, one after the other. One works at a time: whoever runs it holds the worker's lock."""

    def __init__(self, app: Flask, settings: Settings, *, clock: Clock | None = None) -> None:
        self._app = app
        self._settings = settings
        self._clock = clock or SystemClock()

    def run(self, stop: threading.Event) -> None:
        while not stop.is_set():
            try:
                self.work_once(stop)
            except Exception:
                # Whatever it was, the next round may do better.
                POSTMAN_FAILURES.inc()
                log.exception("a round of looking and mailing failed")
            stop.wait(ROUND_EVERY)

    def work_once(self, stop: threading.Event | None = None) -> None:
        """One round: every follow that is due is looked at, digests that are due are queued, mail that is due sent."""
        with self._app.app_context():
            if read_only_mode().why():
                # A mail that is sent and not marked as sent would be sent again.
                return
            set_clock(reading(), self._clock)
            try:
                self._look(stop or threading.Event())
                if self._settings.sends_mail:
                    with transaction() as session:
                        queue_digests(session)
                    self._send(stop or threading.Event())
            finally:
                db.session.remove()

    def _look(self, stop: threading.Event) -> None:
        for due in due_follows(reading()):
            if stop.is_set():
                return
            with _alone("a follow could not be looked at", follow=due.id):
                self._look_at(due)

    def _look_at(self, due: DueFollow) -> None:
        service: SearchService = self._app.extensions["search"]
        session = reading()
        matches = None
        if due.question:
            matches = matches_of(session, service.engine, session.get_one(Member, due.member_id), due.question)
            if matches is None:
                # Search cannot answer just now; the next round asks again.
                return
        with transaction() as session:
            follow, member = session.get_one(Follow, due.id), session.get_one(Member, due.member_id)
            if matches is None:
                look_at_record(session, member=member, follow=follow)
            else:
                look_at_search(session, follow=follow, matches=matches)

    def _send(self, stop: threading.Event) -> None:
        for mail_id in due_mails(reading()):
            goes_on = not stop.is_set()
            if goes_on:
                with _alone("a mail could not be written", mail=mail_id):
                    goes_on = self._send_one(mail_id)
            if not goes_on:
                break
        counts = count_mails(reading())
        MAIL_WAITING.set(counts.waiting)
        MAIL_GIVEN_UP.set(counts.given_up)

    def _send_one(self, mail_id: int) -> bool:
        """Whether to go on with the next: a server that cannot be reached is left alone until the next round."""
        with transaction() as session:
            mail = session.get_one(Mail, mail_id)
            letter = self._letter(mail)
            if letter is None:
                mark_not_needed(session, mail)
                return True
            begin_try(session, mail)
        problem = _hand_over(self._settings.mail_server, letter, mail)
        if problem is not None:
            problem = told_without_address(mail, problem)
        with transaction() as session:
            mail = session.get_one(Mail, mail_id)
            if problem is None:
                mark_sent(session, mail)
                if (when_sent := WHEN_SENT.get(mail.kind)) is not None:
                    when_sent(session, mail)
                MAIL_SENT.inc()
            else:
                mark_failed(session, mail, str(problem), for_good=problem.for_good)
                log.warning("mail was not taken", mail=mail_id, attempts=mail.attempts, reason=str(problem))
        return problem is None or problem.for_good

    def _letter(self, mail: Mail) -> Letter | None:
        write = _WRITERS.get(mail.kind)
        if write is None or mail.state is not MailState.WAITING:
            return None
        with addresses_of(self._app, self._settings):
            return write(reading(), self._settings, mail)


_WRITERS: Final = {DIGEST: write_digest, **report_mail.WRITERS, **account_mail.WRITERS, **follow_up_mail.WRITERS}


@contextmanager
def _alone(words: str, **which: int) -> Iterator[None]:
    """What goes wrong with one holds up no other; it is tried again in the next round."""
    try:
        yield
    except Exception:
        POSTMAN_FAILURES.inc()
        log.exception(words, **which)


def _hand_over(server: MailServer, letter: Letter, mail: Mail) -> MailFailed | None:
    try:
        message = as_message(letter, sender=server.sender, message_key=mail.message_key, at=now(reading()))
    except ValueError as error:
        # The name or the address of the member, or the sender's, cannot stand in a header.
        return MailFailed(f"The mail could not be addressed: {error}", for_good=True)
    try:
        send(server, message)
    except MailFailed as error:
        return error
    return None
