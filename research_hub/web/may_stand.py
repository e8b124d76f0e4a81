"""The field of a form that takes why something found in it may stand (features.md L3)."""

from __future__ import annotations

from wtforms import StringField


def why_may_stand() -> StringField:
    """For forms whose texts are looked through for personal data; shown once something is found.

    The last field of its form, so that the summary of errors tells first what was found.
    """
    return StringField(
        "Why what was found may stand",
        description="Such as “the council’s own line”, without the value itself. It is kept with your name.",
    )
