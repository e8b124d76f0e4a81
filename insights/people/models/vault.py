"""The vault: who participants are, closed field by field. Without the key file nothing in these tables can be read."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from insights.core.base import Base, Record


class VaultKey(Base):
    """A data key, wrapped by the master key `master_key_id`. One whose `wrapped` is gone opens nothing ever again.

    `name` says whose it is: 'person/12' of a participant, 'recording/<id>' of a file, 'blind-index' of the marks.
    """

    __tablename__ = "vault_keys"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    master_key_id: Mapped[str] = mapped_column(String(40), index=True)
    wrapped: Mapped[bytes | None] = mapped_column(LargeBinary)
    made_at: Mapped[datetime]
    destroyed_at: Mapped[datetime | None]


class Identity(Record, Base):
    """Who a participant is. Each text is closed with the person's own key and bound to its row and column."""

    __tablename__ = "identities"
    PREFIX, KIND = "IDN", "identity"

    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id"), unique=True)
    name: Mapped[bytes | None] = mapped_column(LargeBinary)
    email: Mapped[bytes | None] = mapped_column(LargeBinary)
    telephone: Mapped[bytes | None] = mapped_column(LargeBinary)
    address: Mapped[bytes | None] = mapped_column(LargeBinary)
    note: Mapped[bytes | None] = mapped_column(LargeBinary)
    source: Mapped[bytes | None] = mapped_column(LargeBinary)


class IdentityMark(Base):
    """A keyed mark (HMAC) of one folded word of a name, of an e-mail address or of a number: equal where those are."""

    __tablename__ = "identity_marks"

    id: Mapped[int] = mapped_column(primary_key=True)
    identity_id: Mapped[int] = mapped_column(ForeignKey("identities.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    mark: Mapped[str] = mapped_column(String(64), index=True)


class SealedFile(Base):
    """A file of the store that is closed. `sha256` names the closed bytes; `plain_mark` is equal for equal contents.

    `id`, `purpose` and `bound_to` are bound into every piece of the file, so that it opens in its own place alone.
    """

    __tablename__ = "sealed_files"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    purpose: Mapped[str] = mapped_column(String(40))
    bound_to: Mapped[str] = mapped_column(String(40), index=True)
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    vault_key_id: Mapped[int] = mapped_column(ForeignKey("vault_keys.id"), index=True)
    plain_size: Mapped[int]
    plain_mark: Mapped[str] = mapped_column(String(64), index=True)
