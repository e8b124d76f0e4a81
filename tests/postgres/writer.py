"""Another process that writes: `python writer.py THREADS WRITES` logs that many sessions in each of its threads.

Prints the refs, one a line, of what was stored. Expects one study in the database.
"""

from __future__ import annotations

import random
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date

from flask import Flask
from postgres.hub import running
from sqlalchemy import select

from insights.capture.models import Study
from insights.capture.operations import log_research_session
from insights.people.models import Member
from research_hub.config import Settings
from research_hub.db import transaction


def write(app: Flask, times: int) -> list[str]:
    return [_log_one(app, number) for number in range(times)]


def _log_one(app: Flask, number: int) -> str:
    with app.app_context(), transaction() as session:
        actor, study = session.scalars(select(Member)).first(), session.scalars(select(Study)).one()
        assert actor is not None
        held_on = date(2026, 10, 1)
        notes = f"The nurse rang about letter {number}."
        stored = log_research_session(session, actor=actor, study=study, held_on=held_on, notes=notes)
        # A request has more to do before it commits; meanwhile its entry has a number that nobody sees.
        time.sleep(random.uniform(0, 0.02))
        return stored.ref


if __name__ == "__main__":
    threads, writes = map(int, sys.argv[1:])
    with running(Settings()) as application, ThreadPoolExecutor(threads) as pool:
        for refs in pool.map(write, [application] * threads, [writes] * threads):
            print(*refs, sep="\n")  # noqa: T201 - what the test reads
