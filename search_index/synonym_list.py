"""The list of synonyms as this process knows it, read again as soon as any process has changed it."""

from __future__ import annotations

import threading
from weakref import WeakKeyDictionary

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from insights.coding.synonyms import SynonymsState, list_synonym_groups, synonyms_state
from search_index.synonyms import Synonyms

_lock = threading.Lock()
_known: WeakKeyDictionary[Engine, tuple[SynonymsState, Synonyms]] = WeakKeyDictionary()


def current_synonyms(session: Session) -> Synonyms:
    """One small statement where nothing has changed, two where something has."""
    database = session.get_bind().engine
    state = synonyms_state(session)
    with _lock:
        known = _known.get(database)
    if known is not None and known[0] == state:
        return known[1]
    synonyms = Synonyms.of([group.expressions for group in list_synonym_groups(session)])
    with _lock:
        _known[database] = (state, synonyms)
    return synonyms
