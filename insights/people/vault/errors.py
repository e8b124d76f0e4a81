"""What keeps the vault shut, in words that say what to do and never what is inside."""

from __future__ import annotations

from insights.core.errors import DomainError


class CannotOpen(DomainError):
    """Base of all below."""


class MasterKeyMissing(CannotOpen):
    def __init__(self, key_id: str) -> None:
        super().__init__(
            f"The vault cannot be opened: it was closed with the master key {key_id}, which the key file does not "
            "hold. Nothing is lost. Ask whoever runs the installation to put back the key file that is kept with the "
            "backups."
        )


class KeyDestroyed(CannotOpen):
    def __init__(self) -> None:
        super().__init__(
            "The key of this person was destroyed, as erasing them asks for. Who they were cannot be read again, "
            "and nothing new can be kept under this code."
        )


class Altered(CannotOpen):
    """`where` names row and column, such as 'IDN-3, e-mail'."""

    def __init__(self, where: str) -> None:
        super().__init__(
            f"{where} was changed outside Research Hub: it does not open in the place where it stands. It was not "
            "shown. Ask whoever runs the installation to run “research-hub vault check” and to restore it from a "
            "backup."
        )
        self.where = where
