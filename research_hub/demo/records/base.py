"""What every part of the story has in common."""

from typing import ClassVar

from pydantic import ConfigDict


class Record:
    """A part of the story. A key that no field knows is an error: a misspelt one would otherwise vanish."""

    __slots__ = ()
    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")
