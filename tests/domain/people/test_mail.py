"""Letters, the outbox and a real SMTP server on this machine."""

from __future__ import annotations

import ssl
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import which
from typing import Any

import pytest
from aiosmtpd.smtp import AuthResult, LoginPassword
from factories import make_member
from hypothesis import given
from hypothesis import strategies as st
from mailing import Mailbox, mail_server
from sqlalchemy.orm import Session

from insights.core.clock import FixedClock, set_clock
from insights.core.errors import RuleBroken
from insights.people.mail import (
    GIVES_UP_AFTER,
    WAITS,
    Letter,
    MailFailed,
    MailSecurity,
    MailServer,
    as_message,
    begin_try,
    due_mails,
    mark_failed,
    mark_sent,
    queue_mail,
    retry_mail,
    send,
)
from insights.people.models import MailState

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
LETTER = Letter("Rosa Ünal", "rosa@example.gov", "Two new things", "Plain “words”.", "<p>Plain “words”.</p>")
SENDER = "Research Hub <hub@example.gov>"


def message_of(letter: Letter = LETTER) -> Any:  # an EmailMessage, whose headers are of many kinds
    return as_message(letter, sender=SENDER, message_key="key", at=NOON)


def server_at(box: Mailbox, **values: Any) -> MailServer:  # settings
    return replace(MailServer("127.0.0.1", box.port, SENDER, MailSecurity.NONE), **values)


def test_a_letter_arrives_whole(session: Session) -> None:
    with mail_server() as box:
        send(server_at(box), message_of())

    (taken,) = box.taken
    assert taken["To"] == "Rosa Ünal <rosa@example.gov>"
    assert taken["Message-ID"] == "<key@example.gov>"
    assert [part.get_content_type() for part in taken.iter_parts()] == ["text/plain", "text/html"]
    assert "Plain “words”." in taken.get_body(("plain",)).get_content()  # type: ignore[union-attr]  # it has one


def test_the_address_that_unsubscribes_stands_in_its_header_as_it_is() -> None:
    address = "https://hub.example.gov/unsubscribe/" + "a1.B2_" * 20

    raw = message_of(replace(LETTER, unsubscribe_url=address)).as_string()

    assert f"List-Unsubscribe: <{address}>\n" in raw.replace("\r\n", "\n")


@given(
    st.text(alphabet=st.sampled_from('aü \r\n:\x00\x85\u2028<>,"@;\\'), min_size=1, max_size=40),
    st.text(alphabet=st.sampled_from('aü \r\n:\x00\x85\u2028<>,"@;\\'), min_size=1, max_size=40),
)
def test_neither_a_name_nor_a_subject_adds_a_header_or_a_recipient(name: str, subject: str) -> None:
    letter = replace(LETTER, to_name=f"{name}\r\nBcc: x@evil.example", subject=f"{subject}\nBcc: x@evil.example")
    for hostile in (letter, replace(letter, to_name=name), replace(letter, subject=subject)):
        try:
            raw = message_of(hostile).as_string().replace("\r\n", "\n")
        except ValueError:
            continue
        names = [line.partition(":")[0].lower() for line in raw.partition("\n\n")[0].split("\n") if line[:1] != " "]
        assert "bcc" not in names
        assert names.count("to") == 1


@pytest.mark.parametrize(
    "address", ["no address", "a,b@example.gov", "a@b@c", "", "a@example.gov\nBcc: x@evil.example"]
)
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="is not an address"):
        message_of(replace(LETTER, to_address=address))


@pytest.mark.parametrize(
    ("answer", "for_good"), [("451 Come back later", False), ("554 Never from you", True), ("421 Going down", False)]
)
def test_what_the_server_answers_is_told_and_whether_it_lasts(answer: str, *, for_good: bool) -> None:
    with mail_server() as box:
        box.answer = answer
        with pytest.raises(MailFailed, match=answer[4:]) as caught:
            send(server_at(box), message_of())

    assert caught.value.for_good is for_good


def test_a_server_that_is_not_there_may_be_there_later() -> None:
    with pytest.raises(MailFailed, match="could not be reached") as caught:
        send(MailServer("127.0.0.1", 1, SENDER, MailSecurity.NONE), message_of())

    assert not caught.value.for_good


def test_a_server_without_encryption_is_told_nothing_where_encryption_is_asked_for() -> None:
    with mail_server() as box, pytest.raises(MailFailed, match="STARTTLS"):
        send(server_at(box, security=MailSecurity.STARTTLS), message_of())

    assert box.taken == []


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for this machine, good for a day, and its key."""
    if which("openssl") is None:
        pytest.skip("openssl is not installed; it makes the certificate of the test's mail server")
    folder = tmp_path_factory.mktemp("tls")
    command = (
        "openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=localhost -addext subjectAltName=IP:127.0.0.1"
    )
    files = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")]
    subprocess.run([*command.split(), *files], check=True, capture_output=True)
    return folder / "cert.pem", folder / "key.pem"


@pytest.fixture
def encrypted(certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    """A server that insists on STARTTLS and on one name and password; its certificate is trusted here."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*certificate)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))

    def let_in(
        _server: object, _session: object, _envelope: object, _mechanism: str, given_: LoginPassword
    ) -> AuthResult:
        return AuthResult(success=(given_.login, given_.password) == (b"hub", b"secret"))

    values = {"tls_context": context, "require_starttls": True, "auth_required": True, "authenticator": let_in}
    with mail_server(**values) as box:
        yield box


def test_mail_is_handed_over_encrypted_to_a_server_that_asks_for_a_password(encrypted: Mailbox) -> None:
    send(server_at(encrypted, security=MailSecurity.STARTTLS, user="hub", password="secret"), message_of())

    assert len(encrypted.taken) == 1


def test_a_wrong_password_is_told_without_repeating_it_and_may_be_put_right(encrypted: Mailbox) -> None:
    server = server_at(encrypted, security=MailSecurity.STARTTLS, user="hub", password="a wrong one")

    with pytest.raises(MailFailed) as caught:
        send(server, message_of())

    assert not caught.value.for_good
    assert "a wrong one" not in f"{caught.value}{server!r}"


def test_a_certificate_that_nobody_vouches_for_is_not_trusted(
    encrypted: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")

    with pytest.raises(MailFailed, match="certificate"):
        send(server_at(encrypted, security=MailSecurity.STARTTLS), message_of())


def test_a_mail_is_queued_once_and_waits_longer_after_each_try(session: Session) -> None:
    clock = FixedClock(NOON)
    set_clock(session, clock)
    member = make_member(session)
    mail = queue_mail(session, member_id=member.id, kind="digest", key="digest 1")
    assert mail is not None
    assert queue_mail(session, member_id=member.id, kind="digest", key="digest 1") is None

    waits = []
    while mail.state is MailState.WAITING:
        assert due_mails(session) == [mail.id]
        begin_try(session, mail)
        assert due_mails(session) == []
        mark_failed(session, mail, "451 Later")
        waits.append(mail.next_try_at - clock.moment)
        clock.moment = mail.next_try_at

    assert waits[:-1] == list(WAITS)
    assert len(waits) == GIVES_UP_AFTER
    assert mail.state is MailState.GIVEN_UP
    assert sum(waits[:-1], timedelta()) < timedelta(days=2)


def test_a_mail_that_was_given_up_begins_anew_and_one_that_was_sent_does_not(session: Session) -> None:
    set_clock(session, FixedClock(NOON))
    member = make_member(session)
    mail = queue_mail(session, member_id=member.id, kind="digest", key="digest 1")
    assert mail is not None
    begin_try(session, mail)
    mark_failed(session, mail, "554 Never", for_good=True)

    retry_mail(session, actor=member, mail=mail)

    assert due_mails(session) == [mail.id]
    mark_sent(session, mail)
    with pytest.raises(RuleBroken):
        retry_mail(session, actor=member, mail=mail)
