"""What can go wrong in the domain, with messages fit for people. One table in the web layer maps them to pages."""

from __future__ import annotations

from collections.abc import Mapping


class DomainError(Exception):
    """Base of all; `message` says what happened, what was kept and what to do."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class InvalidInput(DomainError):
    """A value cannot be taken. `fields` maps the field's name to what is wrong with it."""

    def __init__(self, message: str, fields: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.fields = dict(fields or {})

    @classmethod
    def of(cls, field: str, message: str) -> InvalidInput:
        return cls(message, {field: message})


class NotFound(DomainError):
    """There is no such record, or the member may not see it; the two are never told apart."""

    def __init__(self, ref: str) -> None:
        super().__init__(f"There is no {ref}, or you may not see it.")
        self.ref = ref


class NotAllowed(DomainError):
    """The member may see the record, but not do this with it."""


class RuleBroken(DomainError):
    """The act would break a rule of the model, such as publishing without evidence."""


class StaleRecord(DomainError):
    """Somebody saved the record after the member had opened it (features.md K2).

    `theirs` and `mine` map field names to texts, so that the page can show both and neither is lost.
    """

    def __init__(self, ref: str, theirs: Mapping[str, str], mine: Mapping[str, str], row_version: int) -> None:
        super().__init__(f"{ref} was changed by someone else while you were editing. Both texts are below.")
        self.ref = ref
        self.theirs = dict(theirs)
        self.mine = dict(mine)
        self.row_version = row_version
