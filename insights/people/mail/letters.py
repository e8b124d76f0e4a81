"""A letter and the message that carries it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from typing import Final

# A shorter line would have an address in a header encoded, which mail programs that unsubscribe do not decode.
_POLICY: Final = SMTP.clone(max_line_length=998)


@dataclass(frozen=True, slots=True)
class Letter:
    """`text` and `html` say the same. `unsubscribe_url` takes a POST of one click (RFC 8058); '' where none is due."""

    to_name: str
    to_address: str
    subject: str
    text: str
    html: str
    unsubscribe_url: str = ""


def as_message(letter: Letter, *, sender: str, message_key: str, at: datetime) -> EmailMessage:
    """The message, with headers that no name or subject can add to.

    `sender` is an address or 'Name <address>'. Raises ValueError for an address or a line that cannot be one.
    """
    name, address = parseaddr(sender)
    message = EmailMessage(policy=_POLICY)
    message["From"] = _address(name, address)
    message["To"] = _address(letter.to_name, letter.to_address)
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<{message_key}@{address.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    if letter.unsubscribe_url:
        message["List-Unsubscribe"] = f"<{letter.unsubscribe_url}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(letter.text)
    message.add_alternative(letter.html, subtype="html")
    return message


def _address(name: str, address: str) -> Address:
    try:
        return Address(display_name=name, addr_spec=address)
    except (MessageError, ValueError, IndexError) as error:
        raise ValueError(f"“{address}” is not an address ({error}).") from error
