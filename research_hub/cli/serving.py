from __future__ import annotations

import threading

import click

from research_hub import serve as serving
from research_hub.cli.application import open_application
from research_hub.config import Settings
from research_hub.worker import run_worker, stop_on_signals


@click.command()
@click.option("--host", help="Address to listen on. Default: HOST, or 127.0.0.1.")
@click.option("--port", type=click.IntRange(1, 65_535), help="Port to listen on. Default: PORT, or 8000.")
def serve(*, host: str | None, port: int | None) -> None:
    """Serve the pages and keep the index, until SIGTERM or Ctrl-C."""
    settings = Settings()
    open_application(settings)
    changes = {name: value for name, value in (("host", host), ("port", port)) if value is not None}
    serving.serve(settings.model_copy(update=changes), click.echo)


@click.command()
def worker() -> None:
    """Keep the index alone; `serve` starts one by itself. A second one waits until the first is gone."""
    stop = threading.Event()
    stop_on_signals(stop)
    run_worker(open_application(), stop)
