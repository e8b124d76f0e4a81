"""Passkeys (WebAuthn): a key in a device, unlocked by its owner there. Something one has and is or knows, in one."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from insights.core.activity import record
from insights.core.checks import required_line
from insights.core.clock import now
from insights.core.errors import InvalidInput, NotFound, RuleBroken
from insights.people.accounts.attempts import begin_attempt, take_attempt
from insights.people.models import AttemptKind, Member, Passkey

MOST: Final = 20
_LONGEST_ANSWER: Final = 20_000
_REFUSED: Final = "This passkey could not be checked. Nothing was changed; try again."


@dataclass(frozen=True, slots=True)
class Site:
    """For whom keys are made: the host's name (`rp_id`), and the origin at which browsers use them."""

    rp_id: str
    origin: str
    name: str = "Research Hub"


def begin_new_passkey(session: Session, *, member: Member, site: Site) -> tuple[str, str]:
    """The attempt's token, and what the browser is to be asked, as JSON."""
    keys = session.scalars(select(Passkey).where(Passkey.member_id == member.id).order_by(Passkey.id)).all()
    if len(keys) >= MOST:
        raise RuleBroken(f"You have {MOST} passkeys. Remove one before you add another.")
    options = generate_registration_options(
        rp_id=site.rp_id,
        rp_name=site.name,
        user_id=uuid.UUID(member.uuid).bytes,
        user_name=member.email,
        user_display_name=member.name,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(base64url_to_bytes(key.credential_id)) for key in keys],
    )
    kept = {"challenge": bytes_to_base64url(options.challenge)}
    return begin_attempt(session, AttemptKind.NEW_PASSKEY, member_id=member.id, kept=kept), options_to_json(options)


def add_passkey(session: Session, *, member: Member, site: Site, token: object, answer: str, name: str) -> None:
    """Keeps the key that a device made. Raises InvalidInput for an answer that was not asked for, or is not sound."""
    called = required_line("name", name, label="a name for the passkey", longest=100)
    attempt = take_attempt(session, AttemptKind.NEW_PASSKEY, token)
    if attempt is None or attempt.member_id != member.id:
        raise InvalidInput.of("name", "This took too long, or was begun in another window. Begin again.")
    try:
        made = verify_registration_response(
            credential=_read(answer),
            expected_challenge=base64url_to_bytes(attempt.kept["challenge"]),
            expected_rp_id=site.rp_id,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise InvalidInput.of("name", _REFUSED) from error
    key = Passkey(
        member_id=member.id,
        credential_id=bytes_to_base64url(made.credential_id),
        public_key=bytes_to_base64url(made.credential_public_key),
        sign_count=made.sign_count,
        name=called,
        made_at=now(session),
    )
    if session.scalar(select(Passkey.id).where(Passkey.credential_id == key.credential_id)) is not None:
        raise InvalidInput.of("name", "This passkey is known already. Nothing was changed.")
    session.add(key)
    session.flush()
    record(session, member, "added a passkey to", member, detail={"name": called})


def begin_passkey(session: Session, *, site: Site) -> tuple[str, str]:
    """As `begin_new_passkey`, to sign in: whichever passkey of this site the browser holds will do."""
    options = generate_authentication_options(rp_id=site.rp_id, user_verification=UserVerificationRequirement.REQUIRED)
    kept = {"challenge": bytes_to_base64url(options.challenge)}
    return begin_attempt(session, AttemptKind.PASSKEY, kept=kept), options_to_json(options)


def member_of_passkey(session: Session, *, site: Site, token: object, answer: str) -> Member | None:
    """Whoever holds the key that answered, while their account is open. The challenge is good once."""
    attempt = take_attempt(session, AttemptKind.PASSKEY, token)
    try:
        credential = _read(answer)
        found = session.execute(
            select(Passkey, Member)
            .join(Member, Member.id == Passkey.member_id)
            .where(Passkey.credential_id == str(credential["id"]), Member.is_active)
        ).first()
        if attempt is None or found is None:
            return None
        key, member = found
        proved = verify_authentication_response(
            credential=credential,
            expected_challenge=base64url_to_bytes(attempt.kept["challenge"]),
            expected_rp_id=site.rp_id,
            expected_origin=site.origin,
            credential_public_key=base64url_to_bytes(key.public_key),
            credential_current_sign_count=key.sign_count,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError):
        return None
    key.sign_count, key.last_used_at = proved.new_sign_count, now(session)
    session.flush()
    return member


def remove_passkey(session: Session, *, member: Member, passkey_id: int) -> str:
    """The name of the key that is gone. Raises NotFound for a key of somebody else, as for none."""
    key = session.scalar(select(Passkey).where(Passkey.id == passkey_id, Passkey.member_id == member.id))
    if key is None:
        raise NotFound("such passkey")
    session.delete(key)
    session.flush()
    record(session, member, "removed a passkey from", member, detail={"name": key.name})
    return key.name


def count_passkeys(session: Session, member: Member) -> int:
    return session.scalar(select(func.count()).select_from(Passkey).where(Passkey.member_id == member.id)) or 0


def _read(answer: str) -> dict[str, Any]:
    """Raises ValueError for what is no JSON object."""
    if len(answer) > _LONGEST_ANSWER:
        raise ValueError("too long")
    read = json.loads(answer)
    if not isinstance(read, dict):
        raise TypeError("not an object")
    return read
