"""Figures that a test measured, for docs/assurance.md: `make prove` gathers them, other runs let them go."""

from __future__ import annotations

import json
import os
from pathlib import Path

FULL = os.environ.get("PROVE") == "full"
"""Whether the long versions run."""


def measured(words: str) -> None:
    """A sentence with the figures of one test."""
    gathered = os.environ.get("PROVE_FIGURES")
    if gathered:
        with Path(gathered).open("a", encoding="utf-8") as file:
            file.write(json.dumps(words) + "\n")
