"""What 200 people at work do, for locust: `locust -f benchmarks/load_people.py`, started by benchmarks/load.py.

Each is somebody else, thinks 5 to 15 seconds between two pages, and now and then asks the bare Flask floor on the other
port, so that both are measured under the same load. LOAD_COOKIES names a file with one cookie a line, LOAD_FLOOR the
floor's address.
"""

from __future__ import annotations

import itertools
import os
import random
import re
from pathlib import Path

from locust import HttpUser, between, task

_COOKIES = itertools.cycle(Path(os.environ["LOAD_COOKIES"]).read_text("ascii").split())
_FLOOR = os.environ["LOAD_FLOOR"]
_WORDS = Path(os.environ["LOAD_WORDS"]).read_text("utf-8").split()
_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


class Person(HttpUser):
    wait_time = between(5, 15)

    def on_start(self) -> None:
        self.client.cookies.set("research_hub", next(_COOKIES), domain="127.0.0.1", path="/")

    @task(3)
    def home(self) -> None:
        with self.client.get("/", name="home", catch_response=True) as answer:
            if "Sign out" not in answer.text:
                answer.failure("not signed in")

    @task(4)
    def search(self) -> None:
        self.client.get(f"/evidence?q={random.choice(_WORDS)}", name="search")

    @task(3)
    def read_a_session(self) -> None:
        self.client.get(f"/sessions/SES-{random.randint(1, 500)}", name="session reader")

    @task(3)
    def insights(self) -> None:
        self.client.get("/insights", name="insight list")

    @task(2)
    def insight(self) -> None:
        self.client.get(f"/insights/INS-{random.randint(1, 50)}", name="insight")

    @task(1)
    def decisions(self) -> None:
        self.client.get("/decisions", name="decision list")

    @task(1)
    def scorecard(self) -> None:
        self.client.get("/reports", name="scorecard")

    @task(2)
    def log_a_session(self) -> None:
        page = self.client.get("/sessions/new", name="form of a session")
        token = _TOKEN.search(page.text)
        if token is None:
            return
        notes = " ".join(random.choices(_WORDS, k=120))
        form = {"study": "STU-1", "held_on": "2026-10-14", "notes": notes, "csrf_token": token.group(1)}
        with self.client.post(
            "/sessions", form, name="log a session", allow_redirects=False, catch_response=True
        ) as answer:
            if answer.status_code == 303:
                answer.success()
            else:
                answer.failure(f"answered {answer.status_code}")

    @task(4)
    def floor(self) -> None:
        self.client.get(_FLOOR, name="bare Flask")
