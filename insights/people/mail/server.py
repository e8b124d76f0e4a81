"""Handing a message to an SMTP server."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from enum import StrEnum
from typing import Final

_TIMEOUT: Final = 10.0
"""Seconds that a server may take over each answer."""

_FIRST_LASTING: Final = 500
"""Answers from this number on say that the same mail will never be taken (RFC 5321, 4.2.1)."""


class MailSecurity(StrEnum):
    """`starttls` begins in the clear and insists on encryption; `tls` is encrypted from the start."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed over. Without a `user` nobody signs in."""

    host: str
    port: int
    sender: str
    security: MailSecurity = MailSecurity.STARTTLS
    user: str = ""
    password: str = field(default="", repr=False)


class MailFailed(Exception):
    """The message was not taken. `for_good` where trying again cannot help."""

    def __init__(self, message: str, *, for_good: bool = False) -> None:
        super().__init__(message)
        self.for_good = for_good


def send(server: MailServer, message: EmailMessage) -> None:
    """Hands one message over. Raises MailFailed, saying what the server said."""
    try:
        with _connected(server) as connection:
            refused = connection.send_message(message)
    except smtplib.SMTPRecipientsRefused as error:
        raise _refused(error.recipients) from error
    except smtplib.SMTPResponseException as error:
        words = error.smtp_error.decode("utf-8", "replace") if isinstance(error.smtp_error, bytes) else error.smtp_error
        raise MailFailed(f"The mail server answered {error.smtp_code}: {words}", for_good=_lasts(error)) from error
    except smtplib.SMTPNotSupportedError as error:
        raise MailFailed(f"The mail server cannot do what is asked of it: {error}") from error
    except (smtplib.SMTPException, OSError) as error:
        raise MailFailed(f"The mail server could not be reached: {error or type(error).__name__}") from error
    if refused:
        raise _refused(refused)


@contextmanager
def _connected(server: MailServer) -> Iterator[smtplib.SMTP]:
    context = ssl.create_default_context()
    if server.security is MailSecurity.TLS:
        connection: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=_TIMEOUT, context=context)
    else:
        connection = smtplib.SMTP(server.host, server.port, timeout=_TIMEOUT)
    with connection:
        if server.security is MailSecurity.STARTTLS:
            connection.starttls(context=context)
        if server.user:
            connection.login(server.user, server.password)
        yield connection


def _refused(recipients: dict[str, tuple[int, bytes]]) -> MailFailed:
    code, words = next(iter(recipients.values()))
    said = words.decode("utf-8", "replace")
    return MailFailed(f"The mail server refused the address: {code} {said}", for_good=code >= _FIRST_LASTING)


def _lasts(error: smtplib.SMTPResponseException) -> bool:
    # A server that will not let us in may be set up rightly by the next try; the mail is not to blame.
    may_be_mended = isinstance(
        error, smtplib.SMTPAuthenticationError | smtplib.SMTPConnectError | smtplib.SMTPHeloError
    )
    return error.smtp_code >= _FIRST_LASTING and not may_be_mended
