"""One search at a time for each person: whoever asks faster than answers come waits, and holds up nobody else."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import wraps
from typing import Final, ParamSpec

from flask import current_app
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import TooManyRequests

from research_hub.security import current_member

MAY_WAIT: Final = 1
"""Requests of one person that wait for their turn in one process; a page and what it looks up beside fit in."""
PATIENCE: Final = 1.0
"""Seconds that a request waits for its turn before it is turned away."""
RETRY_AFTER_SECONDS: Final = 1

_Parameters = ParamSpec("_Parameters")
_View = Callable[_Parameters, ResponseReturnValue]


class AskedTooFast(TooManyRequests):
    """Searches of this person are under way already: 429, with the seconds to wait in Retry-After."""

    def __init__(self) -> None:
        super().__init__(
            "Your last searches are still being answered. Wait a moment, then try again.",
            retry_after=RETRY_AFTER_SECONDS,
        )


@dataclass(slots=True)
class _Queue:
    here: int = 0
    turn: threading.Lock = field(default_factory=threading.Lock)


class Turns:
    """Who searches just now, by member id, in this process."""

    def __init__(self, *, patience: float = PATIENCE) -> None:
        self._patience = patience
        self._guard = threading.Lock()
        self._queues: dict[int, _Queue] = {}

    @contextmanager
    def turn(self, member_id: int) -> Iterator[None]:
        """Wait for one's turn.

        Raises:
            AskedTooFast: when one is answered and another waits already, or waiting takes too long.
        """
        with self._in_queue(member_id) as queue:
            if not queue.turn.acquire(timeout=self._patience):
                raise AskedTooFast
            try:
                yield
            finally:
                queue.turn.release()

    @contextmanager
    def _in_queue(self, member_id: int) -> Iterator[_Queue]:
        with self._guard:
            queue = self._queues.setdefault(member_id, _Queue())
            if queue.here > MAY_WAIT:
                raise AskedTooFast
            queue.here += 1
        try:
            yield queue
        finally:
            with self._guard:
                queue.here -= 1
                if not queue.here:
                    del self._queues[member_id]


def one_at_a_time(view: _View[_Parameters]) -> _View[_Parameters]:
    """Declares that a view searches, so that each person has one under way at a time; stands under `@requires`."""

    @wraps(view)
    def taking_turns(*arguments: _Parameters.args, **named: _Parameters.kwargs) -> ResponseReturnValue:
        turns: Turns = current_app.extensions["turns"]
        with turns.turn(current_member().id):
            return view(*arguments, **named)

    return taking_turns
