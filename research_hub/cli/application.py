"""How commands reach the application, and how what goes wrong is said: one line, with what to do."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from typing import Any, NoReturn, ParamSpec, TypeVar

import click
from flask import Flask
from pydantic import ValidationError
from sqlalchemy.exc import DatabaseError

from insights.core.errors import DomainError
from research_hub.app import create_app
from research_hub.config import Settings
from research_hub.db import db
from research_hub.health import migrations_check
from research_hub.search_service import SearchService
from search_index.engine import SearchUnavailable

DONE, FAILED, MISUSED, INTERRUPTED = 0, 1, 2, 130

Given = ParamSpec("Given")
Answer = TypeVar("Answer")


class Refused(click.ClickException):
    """The command was understood and not done; the message says why and what to do."""

    exit_code = FAILED


class Commands(click.Group):
    """A group whose every failure is one line on the error stream and an exit code: 1 refused or failed, 2 misused."""

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - click's own signature
        try:
            return super().invoke(ctx)
        except DomainError as error:
            raise Refused(error.message) from error
        except SearchUnavailable as error:
            raise Refused(f"{error} Run: research-hub index rebuild") from error
        except ValidationError as error:
            raise Refused(settings_in_words(error)) from error
        except DatabaseError as error:
            raise Refused(
                f"The database does not answer: {_first_line(error.orig)}. See: research-hub doctor"
            ) from error
        except OSError as error:
            raise Refused(f"{error.filename or 'A file'}: {error.strerror or error}.") from error

    def main(self, *args: Any, **given: Any) -> NoReturn:  # noqa: ANN401 - click's own signature
        given["standalone_mode"] = False
        sys.exit(self._run(*args, **given))

    def _run(self, *args: Any, **given: Any) -> int:  # noqa: ANN401 - click's own signature
        try:
            code = super().main(*args, **given)
        except click.UsageError as error:
            path = error.ctx.command_path if error.ctx else "research-hub"
            return _say(f"{error.format_message()} See: {path} --help", MISUSED)
        except click.ClickException as error:
            return _say(error.format_message(), error.exit_code)
        except (click.Abort, KeyboardInterrupt):
            return _say("Interrupted. What was stored before stays.", INTERRUPTED)
        return code if isinstance(code, int) else DONE


def open_application(settings: Settings | None = None) -> Flask:
    """The application on a database that is set up and current. Raises Refused where it is not."""
    settings = settings or Settings()
    if not settings.database_url and not (settings.data / "research-hub.sqlite3").exists():
        raise Refused(f"Nothing is set up in {settings.data}. Run: research-hub init")
    app = create_app(settings)
    with within(app):
        check = migrations_check()
    if not check.ok:
        raise Refused(check.message)
    return app


def with_application(command: Callable[Given, Answer]) -> Callable[Given, Answer]:
    """Runs a command within the application, once it is known to be set up."""

    @wraps(command)
    def on_application(*args: Given.args, **given: Given.kwargs) -> Answer:
        with within(open_application()):
            return command(*args, **given)

    return on_application


@contextmanager
def within(app: Flask) -> Iterator[None]:
    """The application's context; at its end connections and index files are let go of."""
    search: SearchService = app.extensions["search"]
    with app.app_context():
        try:
            yield
        finally:
            db.session.remove()
            db.engine.dispose()
            search.close()


def settings_in_words(error: ValidationError) -> str:
    parts: Sequence[str] = [
        f"{'_'.join(str(step) for step in each['loc']) or 'settings'}: {each['msg'].removeprefix('Value error, ')}"
        for each in error.errors(include_url=False)
    ]
    return f"Settings are not right. {' '.join(parts)} See docs/settings.md."


def _say(message: str, code: int) -> int:
    click.echo(f"research-hub: {' '.join(message.split())}", err=True)
    return code


def _first_line(error: BaseException | None) -> str:
    return str(error).strip().partition("\n")[0].rstrip(".")
