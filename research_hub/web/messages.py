"""What is said after an act, with the way back where there is one."""

from __future__ import annotations

from flask import flash


def say_done(text: str, *, undo_href: str) -> None:
    """Says what was done beside a button that undoes it; `undo_href` takes a POST."""
    flash({"text": text, "undo_href": undo_href}, "success")  # type: ignore[arg-type]  # sessions hold any JSON value
