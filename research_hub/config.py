"""Settings from the environment, each with a default that is safe on one machine."""

from __future__ import annotations

import secrets
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from insights.core.access import Role
from insights.people.accounts.factors import Demand
from insights.people.mail import MailSecurity, MailServer
from insights.people.queries import SessionLimits
from research_hub.private_files import write_once_privately


class Environment(StrEnum):
    DEVELOPMENT = "development"
    PRODUCTION = "production"


class Settings(BaseSettings):
    """Read from `RESEARCH_HUB_*`; `DATABASE_URL`, `HOST` and `PORT` by their usual names. See docs/settings.md."""

    model_config = SettingsConfigDict(env_prefix="RESEARCH_HUB_", populate_by_name=True, extra="ignore")

    data: Path = Path("instance")
    environment: Environment = Environment.DEVELOPMENT
    database_url: str = Field(default="", validation_alias="DATABASE_URL")
    secret_key: SecretStr | None = None
    key_file: Path | None = None
    known_passwords: Path | None = None
    trusted_hosts: list[str] = Field(default_factory=list)
    base_url: str = ""
    host: str = Field(default="127.0.0.1", validation_alias="HOST")
    port: int = Field(default=8000, validation_alias="PORT")
    proxies: int = Field(default=0, ge=0, le=5)
    web_workers: int = 2
    web_threads: int = 4
    index_interval: float = 0.2
    read_only_below_percent: float = Field(default=5.0, ge=0, le=100)
    read_only_below_mb: int = Field(default=200, ge=0)
    max_body: int = 8 * 1024 * 1024
    max_upload: int = 50 * 1024 * 1024
    max_recording: int = 500 * 1024 * 1024
    mail_host: str = ""
    mail_port: int = 587
    mail_security: MailSecurity = MailSecurity.STARTTLS
    mail_user: str = ""
    mail_password: SecretStr | None = None
    mail_sender: str = ""
    require_second_factor: Demand = Demand.NOBODY
    session_idle_hours: float = Field(default=12, gt=0, le=24 * 30)
    session_longest_days: float = Field(default=14, gt=0, le=365)
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: SecretStr | None = None
    oidc_name: str = "single sign-on"
    oidc_scopes: str = "openid email profile"
    oidc_groups_claim: str = "groups"
    oidc_roles: dict[str, Role] = Field(default_factory=dict)
    oidc_teams: dict[str, str] = Field(default_factory=dict)
    oidc_admits_unknown: bool = False
    oidc_local_accounts: list[str] = Field(default_factory=list)
    backup_days: int = Field(default=30, ge=0)
    access_review_months: int = Field(default=6, ge=1, le=60)
    dormant_days: int = Field(default=90, ge=1, le=3_650)
    looks_months: int = Field(default=24, ge=1, le=240)
    withdrawal_log_days: int = Field(default=183, ge=0)
    public_pages: bool = False
    public_organisation: str = ""
    public_licence: str = "Open Government Licence v3.0"
    public_licence_url: str = "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"

    @field_validator("data")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        return value.expanduser().resolve()

    @model_validator(mode="after")
    def _refuse_guesses_in_production(self) -> Self:
        if self.environment is Environment.PRODUCTION and not (self.trusted_hosts and self.base_url):
            raise ValueError(
                "In production set RESEARCH_HUB_TRUSTED_HOSTS (a JSON list of host names) and RESEARCH_HUB_BASE_URL."
            )
        return self

    @model_validator(mode="after")
    def _refuse_mail_that_leads_nowhere(self) -> Self:
        if self.mail_host and not ("@" in self.mail_sender and self.base_url):
            raise ValueError(
                "To send mail set RESEARCH_HUB_MAIL_SENDER (an address) and RESEARCH_HUB_BASE_URL too: "
                "mail needs a sender, and its links lead to the site."
            )
        return self

    @model_validator(mode="after")
    def _refuse_single_sign_on_that_cannot_work(self) -> Self:
        if not self.oidc_issuer:
            return self
        if not (self.oidc_client_id and self.base_url):
            raise ValueError(
                "For single sign-on set RESEARCH_HUB_OIDC_CLIENT_ID and RESEARCH_HUB_BASE_URL too: the provider knows "
                "this site by the one and leads people back to the other."
            )
        if not self.oidc_issuer.startswith("https://") and not _is_this_machine(self.oidc_issuer):
            raise ValueError("RESEARCH_HUB_OIDC_ISSUER must begin with https://, except on this machine.")
        return self

    @property
    def has_single_sign_on(self) -> bool:
        return bool(self.oidc_issuer)

    def may_sign_in_locally(self, email: str) -> bool:
        """With single sign-on, passwords and passkeys may be left to named accounts."""
        named = {each.strip().lower() for each in self.oidc_local_accounts}
        return not (self.has_single_sign_on and named) or email.lower() in named

    @property
    def session_limits(self) -> SessionLimits:
        return SessionLimits(timedelta(hours=self.session_idle_hours), timedelta(days=self.session_longest_days))

    @property
    def site_address(self) -> str:
        """Where the site is, for links that leave it: never from a request."""
        return self.base_url.rstrip("/") or f"http://{self.hosts[0].lstrip('.')}:{self.port}"

    @property
    def sends_mail(self) -> bool:
        return bool(self.mail_host)

    @property
    def mail_server(self) -> MailServer:
        return MailServer(
            host=self.mail_host,
            port=self.mail_port,
            sender=self.mail_sender,
            security=self.mail_security,
            user=self.mail_user,
            password="" if self.mail_password is None else self.mail_password.get_secret_value(),
        )

    @property
    def sqlalchemy_url(self) -> str:
        """The database's address with its driver; `postgresql://` alone would pick another driver than ours."""
        if not self.database_url:
            return f"sqlite:///{self.data / 'research-hub.sqlite3'}"
        for prefix in ("postgres://", "postgresql://"):
            if self.database_url.startswith(prefix):
                return "postgresql+psycopg://" + self.database_url.removeprefix(prefix)
        return self.database_url

    @property
    def index_path(self) -> Path:
        return self.data / "index"

    @property
    def keys_path(self) -> Path:
        """The keys of the vault and of the audit record; another place than the data folder is the better one."""
        return (self.key_file or self.data / "keys.json").expanduser().resolve()

    @property
    def files_path(self) -> Path:
        return self.data / "files"

    @property
    def upload_body(self) -> int:
        """Bytes of a request that brings one file, with what a form adds to it."""
        return self.max_upload + self.max_body

    @property
    def upload_form_body(self) -> int:
        """Bytes of a plain form, which sends several files at once."""
        return 4 * self.max_upload + self.max_body

    @property
    def staged_path(self) -> Path:
        """Files that wait to be brought in: with the files, which hosts share, and apart, for no backup needs them."""
        return self.files_path / "staged"

    @property
    def hosts(self) -> list[str]:
        return self.trusted_hosts or ["localhost", "127.0.0.1", "[::1]"]

    def read_secret_key(self) -> str:
        """The key that signs cookies: given, or written at first start, readable by the owner alone."""
        if self.secret_key is not None:
            return self.secret_key.get_secret_value()
        path = self.data / "secret_key"
        if not path.exists():
            self.data.mkdir(parents=True, exist_ok=True)
            write_once_privately(path, secrets.token_urlsafe(48))
        return path.read_text(encoding="ascii").strip()


def _is_this_machine(address: str) -> bool:
    return urlsplit(address).hostname in {"localhost", "127.0.0.1", "::1"}
