"""Mail to members: kept in an outbox, tried again with growing waits, given up after a stated number of tries."""

from insights.people.mail.letters import Letter, as_message
from insights.people.mail.outbox import (
    GIVES_UP_AFTER,
    WAITS,
    MailCounts,
    MailRow,
    begin_try,
    count_mails,
    due_mails,
    list_mails,
    mark_failed,
    mark_not_needed,
    mark_sent,
    queue_mail,
    retry_mail,
)
from insights.people.mail.server import MailFailed, MailSecurity, MailServer, send

__all__ = [
    "GIVES_UP_AFTER",
    "WAITS",
    "Letter",
    "MailCounts",
    "MailFailed",
    "MailRow",
    "MailSecurity",
    "MailServer",
    "as_message",
    "begin_try",
    "count_mails",
    "due_mails",
    "list_mails",
    "mark_failed",
    "mark_not_needed",
    "mark_sent",
    "queue_mail",
    "retry_mail",
    "send",
]
