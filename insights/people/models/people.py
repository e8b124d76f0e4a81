"""Teams own services; members belong to one team and hold one role; participants are known by code alone."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import Column, ForeignKey, String, Table, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from insights.core.access import ROLE_LABELS, Role
from insights.core.base import Base, Record


class Phase(StrEnum):
    """The phases of a public digital service."""

    DISCOVERY = "discovery"
    ALPHA = "alpha"
    BETA = "beta"
    LIVE = "live"
    RETIRED = "retired"


class ComponentKind(StrEnum):
    PATTERN = "pattern"
    SHARED_PLATFORM = "shared_platform"
    PAGE = "page"
    FORM = "form"
    LETTER = "letter"
    CHANNEL = "channel"


class Team(Record, Base):
    """A service area: it owns studies, services and people, and administers itself (features.md L7).

    `is_central` teams work across all areas. `review_required` switches second-person review (D5). `settings` may hold
    half-lives in months by insight kind, read by the freshness rule.
    """

    __tablename__ = "teams"
    PREFIX, KIND = "TEAM", "team"

    name: Mapped[str] = mapped_column(String(200), unique=True)
    is_central: Mapped[bool] = mapped_column(default=False)
    review_required: Mapped[bool] = mapped_column(default=False)
    settings: Mapped[dict[str, Any]] = mapped_column(default=dict)


class Member(Record, Base):
    """A person with an account. `administers_area` lets them look after their own team's people and settings.

    `let_in_until` is the last moment of any access for a time that was given to them: the row is read with every page,
    so that a page knows without a question of its own that nothing is open to them. `password_is_given` says that
    somebody else typed the password: whoever signs in with it chooses their own before anything else.
    """

    __tablename__ = "members"
    PREFIX, KIND = "MEM", "member"

    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    role: Mapped[Role]
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"), index=True)
    administers_area: Mapped[bool] = mapped_column(default=False)
    password_hash: Mapped[str | None]
    password_is_given: Mapped[bool] = mapped_column(default=False, server_default=false())
    is_active: Mapped[bool] = mapped_column(default=True)
    let_in_until: Mapped[datetime | None]

    @property
    def role_label(self) -> str:
        return ROLE_LABELS[self.role]


class WayIn(StrEnum):
    """How somebody signed in."""

    PASSWORD = "password"  # noqa: S105 - a word, not a secret
    SECOND_FACTOR = "second_factor"
    PASSKEY = "passkey"
    SINGLE_SIGN_ON = "single_sign_on"
    ONE_TIME_LINK = "one_time_link"


class BrowserSession(Base):
    """One signed-in browser, kept so that it can be listed and ended. The token itself is never stored.

    `confirmed_at` is when its member last proved who they are; None in rows of before there was such a moment.
    """

    __tablename__ = "browser_sessions"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), index=True)
    started_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    browser: Mapped[str] = mapped_column(String(200), default="")
    confirmed_at: Mapped[datetime | None]
    way: Mapped[WayIn] = mapped_column(default=WayIn.PASSWORD, server_default=WayIn.PASSWORD.value)

    @property
    def has_second_factor(self) -> bool:
        """A passkey is two factors in one; of those who come from elsewhere, their provider asks for a second."""
        return self.way in {WayIn.SECOND_FACTOR, WayIn.PASSKEY, WayIn.SINGLE_SIGN_ON}


class SignInFailure(Base):
    """Counted in the database, so that limits hold across processes and restarts. Deleted after a day.

    `email` is what was tried to get in as; `network` is where it came from, '' where that says nothing.
    """

    __tablename__ = "sign_in_failures"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), index=True)
    at: Mapped[datetime] = mapped_column(index=True)
    what: Mapped[str] = mapped_column(String(20), default="password", server_default="password")
    network: Mapped[str] = mapped_column(String(64), default="", server_default="", index=True)


service_components = Table(
    "service_components",
    Base.metadata,
    Column("service_id", ForeignKey("services.id"), primary_key=True),
    Column("component_id", ForeignKey("components.id"), primary_key=True),
)


class Service(Record, Base):
    __tablename__ = "services"
    PREFIX, KIND = "SVC", "service"

    name: Mapped[str] = mapped_column(String(200), unique=True)
    description: Mapped[str] = mapped_column(default="")
    phase: Mapped[Phase] = mapped_column(default=Phase.DISCOVERY)
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"), index=True)
    senior_responsible_owner: Mapped[str] = mapped_column(String(200), default="")
    assessed_on: Mapped[date | None]


class Component(Record, Base):
    """A reusable building block; an insight about it is visible to every service that uses it (features.md G11)."""

    __tablename__ = "components"
    PREFIX, KIND = "CMP", "component"

    name: Mapped[str] = mapped_column(String(200), unique=True)
    kind: Mapped[ComponentKind]
    version: Mapped[str] = mapped_column(String(60), default="")
    url: Mapped[str] = mapped_column(String(2000), default="")
    changed_on: Mapped[date | None]


class Participant(Record, Base):
    """Somebody heard in a study, by a code random per study. Identity lives elsewhere, under its own permission.

    `attributes` holds access need, digital confidence and the like, never a name or a contact. One who was entered by
    mistake is `removed_at`; of two codes of one person the one is `merged_into_id` the other, and its address leads on.
    `withdrawn_code` is a keyed digest of the code that went with a withdrawal, so that no file brings it back.
    """

    __tablename__ = "participants"
    PREFIX, KIND = "PAR", "participant"
    __table_args__ = (UniqueConstraint("study_id", "code"), {"sqlite_autoincrement": True})

    study_id: Mapped[int] = mapped_column(ForeignKey("studies.id"), index=True)
    code: Mapped[str] = mapped_column(String(20))
    group: Mapped[str] = mapped_column(String(200), default="")
    attributes: Mapped[dict[str, Any]] = mapped_column(default=dict)
    withdrawn_at: Mapped[datetime | None]
    withdrawn_code: Mapped[str] = mapped_column(String(64), default="", server_default="")
    removed_at: Mapped[datetime | None]
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("participants.id"))

    ERASED: ClassVar[str] = "WITHDRAWN-"
    """How the code of an empty row begins, after which comes its number."""

    @property
    def is_erased(self) -> bool:
        """Whether they withdrew and nothing of theirs was kept: the row stays for its address alone."""
        return self.code.startswith(self.ERASED)


class ConsentScope(StrEnum):
    """What a participant agreed to, each by itself (features.md B2)."""

    TAKE_PART = "take_part"
    RECORD = "record"
    QUOTE_ANONYMOUSLY = "quote_anonymously"
    SHARE_IN_ORGANISATION = "share_in_organisation"
    SHARE_ACROSS_PUBLIC_SECTOR = "share_across_public_sector"
    PUBLISH = "publish"
    RECONTACT = "recontact"


class Consent(Record, Base):
    """What a participant agreed to in a study, on which form and day. `scopes` lists terms of ConsentScope.

    A withdrawal keeps the row: what was agreed and until when. `withdrawn_scopes` maps a term of ConsentScope to the
    ISO day on which it was taken back; `withdrawn_on` is the day of taking back everything. The latest consent counts.
    `form_version_id` is the version that was given; `form_version` names it, or another one in whatever words.
    """

    __tablename__ = "consents"
    PREFIX, KIND = "CST", "consent"

    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id"), index=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("studies.id"), index=True)
    form_version: Mapped[str] = mapped_column(String(220), default="")
    form_version_id: Mapped[int | None] = mapped_column(ForeignKey("consent_form_versions.id"))
    given_on: Mapped[date]
    channel: Mapped[str] = mapped_column(String(60), default="")
    scopes: Mapped[list[Any]] = mapped_column(default=list)
    expires_on: Mapped[date | None]
    withdrawn_on: Mapped[date | None]
    withdrawn_scopes: Mapped[dict[str, Any]] = mapped_column(default=dict)
    evidence_sha256: Mapped[str | None] = mapped_column(ForeignKey("attachments.sha256"))
    evidence_name: Mapped[str] = mapped_column(String(1000), default="")
    note: Mapped[str] = mapped_column(default="")
