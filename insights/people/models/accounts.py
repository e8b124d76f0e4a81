"""What signing in rests on beside the password: second factors, links that are good once, and other sign-in systems."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from insights.core.access import ROLE_LABELS, Role
from insights.core.base import Base, Record


class AuthenticatorApp(Base):
    """The secret that a member shares with an app that shows codes (TOTP, RFC 6238), sealed with the vault's key.

    Counts from `confirmed_at` on, when the app showed its first right code. `last_step` is the time step of the code
    that was taken last: neither it nor an earlier one is taken again.
    """

    __tablename__ = "authenticator_apps"

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), unique=True)
    sealed_secret: Mapped[str]
    made_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    last_step: Mapped[int | None]


class RecoveryCode(Base):
    """One of ten codes for whoever lost their second factor. `hint` finds it, `code_hash` (argon2id) proves it."""

    __tablename__ = "recovery_codes"

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), index=True)
    hint: Mapped[str] = mapped_column(String(4))
    code_hash: Mapped[str]
    made_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Passkey(Base):
    """A public key of a member's device (WebAuthn). `credential_id` and `public_key` are base64url."""

    __tablename__ = "passkeys"

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), index=True)
    credential_id: Mapped[str] = mapped_column(String(1400), unique=True)
    public_key: Mapped[str]
    sign_count: Mapped[int] = mapped_column(default=0)
    name: Mapped[str] = mapped_column(String(100))
    made_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]


class AttemptKind(StrEnum):
    """What was begun and waits for an answer."""

    SECOND_FACTOR = "second_factor"
    PASSKEY = "passkey"
    NEW_PASSKEY = "new_passkey"
    SINGLE_SIGN_ON = "single_sign_on"
    LINK = "link"


class SignInAttempt(Base):
    """Something begun in one browser that waits for an answer, good once and for some minutes.

    The browser keeps a token, the row its SHA-256. `kept` holds what the answer is compared with, such as the challenge
    of a passkey or the nonce of single sign-on: nothing of it comes back from the browser.
    """

    __tablename__ = "sign_in_attempts"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    kind: Mapped[AttemptKind]
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"), index=True)
    kept: Mapped[dict[str, Any]] = mapped_column(default=dict)
    started_at: Mapped[datetime] = mapped_column(index=True)
    ended_at: Mapped[datetime | None]


class Invitation(Record, Base):
    """Somebody was asked to come in, by address and role. The link's SHA-256 alone is kept; `salt` makes the link.

    Answered when `accepted_at`, void when `withdrawn_at` or after `expires_at`.
    """

    __tablename__ = "invitations"
    PREFIX, KIND = "INV", "invitation"

    email: Mapped[str] = mapped_column(String(254), index=True)
    role: Mapped[Role]
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"), index=True)
    administers_area: Mapped[bool] = mapped_column(default=False)
    salt: Mapped[str] = mapped_column(String(32))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    sent_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))

    @property
    def role_label(self) -> str:
        return ROLE_LABELS[self.role]


class LinkKind(StrEnum):
    NEW_PASSWORD = "new_password"  # noqa: S105 - a word, not a secret
    WAY_IN = "way_in"


class OneTimeLink(Base):
    """A link for a member, good once until `expires_at`: to choose a new password, or the operator's way in."""

    __tablename__ = "one_time_links"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[LinkKind]
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), index=True)
    salt: Mapped[str] = mapped_column(String(32))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class FederatedIdentity(Base):
    """Who a member is at the provider of single sign-on: by issuer and subject, never by an address."""

    __tablename__ = "federated_identities"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), index=True)
    issuer: Mapped[str] = mapped_column(String(500))
    subject: Mapped[str] = mapped_column(String(255))
    linked_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]
