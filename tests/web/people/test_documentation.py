from __future__ import annotations

from pathlib import Path

import pytest

from insights.core.access import PERMISSIONS, Permission, Role
from research_hub.config import Settings

DOCS = Path(__file__).parents[3] / "docs"


def test_the_documented_permissions_are_the_rule() -> None:
    lines = (DOCS / "permissions.md").read_text("utf-8").splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| `")]

    told = {row[0].strip("`"): tuple(cell == "yes" for cell in row[2:]) for row in cells}

    assert told == {
        permission.value: tuple(permission in PERMISSIONS[role] for role in Role) for permission in Permission
    }


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_every_setting_is_documented(name: str) -> None:
    alias = Settings.model_fields[name].validation_alias
    variable = alias if isinstance(alias, str) else f"RESEARCH_HUB_{name.upper()}"

    assert f"| `{variable}` |" in (DOCS / "settings.md").read_text("utf-8")
