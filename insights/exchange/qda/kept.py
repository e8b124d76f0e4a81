"""What imports had no place for, and the names of coders, for a study on its way out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID, uuid5

from insights.capture.models import Study
from insights.coding.models import Highlight
from insights.exchange.models import CodingProject
from insights.exchange.qda.model import User


class Kept:
    """What imports into the study had no place for, of all of them together."""

    def __init__(self, projects: Sequence[CodingProject]) -> None:
        self._all = [project.kept for project in projects]

    def mapping(self, name: str) -> dict[str, Any]:
        return {key: value for kept in self._all for key, value in kept.get(name, {}).items()}

    def list(self, name: str) -> list[str]:
        return [each for kept in self._all for each in kept.get(name, [])]


class Coders:
    """Users by the name that is shown, in the order in which they are met first."""

    def __init__(self, study: Study, members: Mapping[int, str], *, with_names: bool) -> None:
        self._study, self._members, self._with_names = UUID(study.uuid), members, with_names
        self._shown: dict[str, str] = {}

    def of_highlight(self, highlight: Highlight) -> str:
        name = highlight.coder or self._members.get(highlight.created_by_id or 0, "")
        return self.named(name)

    def named(self, name: str) -> str:
        """The GUID of that coder; empty where nobody is named."""
        if not name:
            return ""
        shown = self._shown.setdefault(name, name if self._with_names else f"Coder {len(self._shown) + 1}")
        return str(uuid5(self._study, f"coder {shown}"))

    def users(self) -> tuple[User, ...]:
        return tuple(
            User(str(uuid5(self._study, f"coder {shown}")), shown) for shown in dict.fromkeys(self._shown.values())
        )
