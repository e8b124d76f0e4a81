"""The search engine as the application holds it: opened at first use, one per process."""

from __future__ import annotations

import threading

from flask import current_app

from research_hub.config import Settings
from search_index.engine import SearchEngine
from search_index.engines.whoosh_engine import WhooshEngine


class SearchService:
    """Opens the engine lazily, since a process that forks before it searches must not share its locks."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._engine: SearchEngine | None = None

    @property
    def engine(self) -> SearchEngine:
        with self._lock:
            if self._engine is None:
                self._engine = open_engine(self._settings)
            return self._engine

    def close(self) -> None:
        """Lets go of files; the next use opens them again."""
        with self._lock:
            if self._engine is not None:
                self._engine.close()
            self._engine = None


def open_engine(settings: Settings) -> SearchEngine:
    """The engine of these settings; an empty index is made where there is none."""
    return WhooshEngine.open_or_create(settings.index_path)


def search_engine() -> SearchEngine:
    """The engine of the application at hand."""
    service: SearchService = current_app.extensions["search"]
    return service.engine
