"""The reader beside Taguette: the same transcript, the same 1,000 tagged highlights, one after the other in one run.

Taguette is not a part of this project. Install it elsewhere and say where it is:

    python3 -m venv /somewhere && /somewhere/bin/pip install taguette
    TAGUETTE=/somewhere/bin/taguette python -m benchmarks.beside_taguette

Both are asked over HTTP on this machine. Taguette's page is three answers (page, contents, highlights), which are
added up. It reads documents other than HTML through Calibre, so that both are given HTML. Each stores highlights one
request at a time; ours finds or makes the tags by their names, Taguette is given their numbers.
"""

from __future__ import annotations

import html
import http.cookiejar
import json
import os
import re
import socket
import statistics
import subprocess
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from benchmarks.reader_speed import PAGE, ROUNDS, Transcript, _served, _signed_in, transcript
from research_hub.app import create_app
from research_hub.config import Settings
from research_hub.db import db

Figures = dict[str, float]
_NOT_ASCII = re.compile(r"[^\n\x20-\x7e]")


class Asking:
    """A browser of few talents: cookies, forms and JSON."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.cookies = http.cookiejar.CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))

    def get(self, path: str) -> bytes:
        asked = urllib.request.Request(self.address + path, headers={"Accept-Encoding": "gzip, br"})
        with self._opener.open(asked) as answer:
            content: bytes = answer.read()
            return content

    def post(self, path: str, data: bytes, **headers: str) -> bytes:
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        with self._opener.open(urllib.request.Request(self.address + path, data, told)) as answer:
            content: bytes = answer.read()
            return content

    def cookie(self, name: str) -> str:
        return next((each.value or "" for each in self.cookies if each.name == name), "")


def main() -> None:
    taguette = os.environ.get("TAGUETTE", "")
    told = _plain(transcript())
    ours = _ours(told)
    print(f"{'':52} {'ours':>9} {'Taguette':>9} {'ratio':>7}")
    theirs = _taguette(taguette, told) if taguette else {}
    for name, value in ours.items():
        other = theirs.get(name)
        ratio = f"{value / other:7.2f}" if other else "      -"
        print(f"{name:52} {value:9.1f} {'-' if other is None else f'{other:.1f}':>9} {ratio}")


def _ours(told: Transcript) -> Figures:
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Settings(data=Path(folder)))
        app.config.update(WTF_CSRF_ENABLED=False, RATELIMIT_ENABLED=False)
        with app.app_context():
            db.create_all()
            _client, token = _signed_in(app, told)
        with _served(app) as address:
            asking = Asking(address)
            sent = {"Cookie": token, "Accept": "application/json"}
            storing = _seconds(lambda: [_store_ours(asking, told, place, sent) for place in range(len(told.passages))])

            def page() -> bytes:
                asked = urllib.request.Request(address + PAGE, headers={"Cookie": token, "Accept-Encoding": "gzip, br"})
                with urllib.request.urlopen(asked) as answer:
                    content: bytes = answer.read()
                    return content

            def export() -> bytes:
                return asking.post("/studies/STU-1/take-away/project", b"", Cookie=token)

            return {
                "page from the server, ms": _median(page),
                "page, kB as sent": len(page()) / 1e3,
                "1,000 tagged highlights, s": storing,
                "export of the project, ms": _median(export, 3),
            }


def _store_ours(asking: Asking, told: Transcript, place: int, headers: dict[str, str]) -> None:
    (start, end), tags = told.passages[place], told.tags[place]
    form = urllib.parse.urlencode({"start": start, "end": end, "tags": ", ".join(tags)})
    asking.post("/sources/SRC-1/highlights", form.encode(), **headers)


def _taguette(program: str, told: Transcript) -> Figures:
    with tempfile.TemporaryDirectory() as folder, _running(program, Path(folder)) as (address, token):
        asking = Asking(address)
        asking.get(f"/?token={token}")
        asking.get("/project/new")
        form = {"name": "Long talks", "description": "", "_xsrf": asking.cookie("_xsrf")}
        asking.post("/project/new", urllib.parse.urlencode(form).encode())
        paragraphs = [told.text[start:end] for start, end, _speaker in told.utterances]
        importing = _seconds(lambda: _upload(asking, paragraphs))
        tags = {name: _tag(asking, name) for name in sorted({each for pair in told.tags for each in pair})}
        starts = [start for start, _end, _speaker in told.utterances]
        storing = _seconds(
            lambda: [_store_theirs(asking, told, place, starts, tags) for place in range(len(told.passages))]
        )
        parts = ("/project/1/document/1", "/api/project/1/document/1/contents", "/api/project/1/document/1")
        return {
            "page from the server, ms": sum(_median(lambda part=part: asking.get(part)) for part in parts),  # type: ignore[misc]
            "page, kB as sent": sum(len(asking.get(part)) for part in parts) / 1e3,
            "1,000 tagged highlights, s": storing,
            "export of the project, ms": _median(lambda: asking.get("/project/1/export/project.sqlite3"), 3),
            "import, s": importing,
        }


def _upload(asking: Asking, paragraphs: list[str]) -> None:
    page = "".join(f"<p>{html.escape(each)}</p>" for each in paragraphs)
    edge = "benchmark-edge"
    parts = {"name": "Talk", "description": "", "_xsrf": asking.cookie("_xsrf")}
    body = "".join(f'--{edge}\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n' for k, v in parts.items())
    body += f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="talk.html"\r\n'
    body += f"Content-Type: text/html\r\n\r\n<html><body>{page}</body></html>\r\n--{edge}--\r\n"
    asking.post(
        "/api/project/1/document/new",
        body.encode(),
        Content_Type=f"multipart/form-data; boundary={edge}",
        X_XSRFToken=asking.cookie("_xsrf"),
    )


def _tag(asking: Asking, name: str) -> int:
    told = json.dumps({"path": name, "description": ""}).encode()
    answer = asking.post(
        "/api/project/1/tag/new", told, Content_Type="application/json", X_XSRFToken=asking.cookie("_xsrf")
    )
    return int(json.loads(answer)["id"])


def _store_theirs(asking: Asking, told: Transcript, place: int, starts: list[int], tags: dict[str, int]) -> None:
    (start, end), names = told.passages[place], told.tags[place]
    # Its offsets leave out what stands between paragraphs, which is two characters here.
    before = 2 * (sum(each <= start for each in starts) - 1)
    wanted = {
        "start_offset": start - before,
        "end_offset": end - before,
        "tags": sorted({tags[name] for name in names}),
    }
    asking.post(
        "/api/project/1/document/1/highlight/new",
        json.dumps(wanted).encode(),
        Content_Type="application/json",
        X_XSRFToken=asking.cookie("_xsrf"),
    )


@contextmanager
def _running(program: str, folder: Path) -> Iterator[tuple[str, str]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = folder / "log.txt"
    command = [program, "--no-browser", "-p", str(port), "--database", str(folder / "taguette.sqlite3")]
    with (
        log.open("w") as written,
        subprocess.Popen(
            command, stdout=written, stderr=subprocess.STDOUT, env={**os.environ, "HOME": str(folder)}
        ) as running,
    ):
        try:
            yield f"http://localhost:{port}", _token(log)
        finally:
            running.terminate()


def _token(log: Path) -> str:
    for _ in range(300):
        if found := re.search(r"token=([\w-]+)", log.read_text("utf-8")):
            time.sleep(0.5)
            return found[1]
        time.sleep(0.1)
    raise RuntimeError("Taguette does not say where it listens:\n" + log.read_text("utf-8")[-2_000:])


def _plain(told: Transcript) -> Transcript:
    """In ASCII, of which a character is a byte too, so that both programs count alike."""
    return replace(told, text=_NOT_ASCII.sub("-", told.text))


def _median(act: Callable[[], bytes], rounds: int = ROUNDS) -> float:
    times = []
    for _ in range(rounds + 1):
        started = time.perf_counter()
        act()
        times.append((time.perf_counter() - started) * 1000)
    return statistics.median(times[1:])


def _seconds(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
