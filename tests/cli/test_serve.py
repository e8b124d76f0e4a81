"""The service as an operator meets it: started, watched, refused, stopped."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from cli.serving import Client, free_port, wait_until

Start = Callable[..., subprocess.Popen[str]]


@pytest.mark.slow
def test_the_service_starts_watches_its_worker_refuses_a_second_and_stops(start: Start, installed: Path) -> None:
    port = free_port()
    server = start("serve", PORT=str(port))
    client = Client(port)

    assert wait_until(lambda: client.status("/readyz") == 200), server.poll()
    assert {name for name, each in json.loads(client.get("/readyz"))["checks"].items() if each["ok"]} == {
        "database",
        "migrations",
        "indexer",
        "disk",
        "writing",
    }
    assert "research_hub_index_lag_seconds" in client.get("/metrics")

    second = start("serve", PORT=str(free_port()))
    assert second.wait(60) == 1
    assert f"is served already, by process {server.pid}" in second.communicate()[0]

    worker = heartbeat(installed)["pid"]
    os.kill(int(worker), signal.SIGKILL)
    assert wait_until(lambda: heartbeat(installed)["pid"] != worker)

    server.send_signal(signal.SIGTERM)
    output = server.communicate(timeout=60)[0]
    assert server.returncode == 0, output
    assert f"Research Hub is at http://127.0.0.1:{port}" in output
    assert client.status("/healthz") == 0
    assert heartbeat(installed)["state"] == "stopped"


def test_a_port_that_is_taken_is_told_before_anything_starts(start: Start, installed: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        server = start("serve", PORT=str(taken.getsockname()[1]))
        output = server.communicate(timeout=60)[0]

    assert server.returncode == 1
    assert "Set PORT to a free port" in output


def heartbeat(data: Path) -> dict[str, object]:
    values: dict[str, object] = json.loads((data / "worker.json").read_text("utf-8"))
    return values
