"""Whether the vault opens: every wrapped key and every field."""

from __future__ import annotations

from insights.people.vault.keeping import in_words, problems_of_identities, problems_of_keys, what_is_held
from research_hub.db import reading
from research_hub.health import Check


def vault_check() -> Check:
    """Names what does not open, and never what is inside."""
    session = reading()
    problems = [*problems_of_keys(session), *problems_of_identities(session)]
    return Check("vault", not problems, in_words(what_is_held(session), problems))
