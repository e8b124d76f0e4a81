"""The one place where the parts are joined."""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from flask import Flask, Response, g, request
from werkzeug.middleware.proxy_fix import ProxyFix
from whitenoise import WhiteNoise

from insights.core.access import Permission
from research_hub import __version__, errors, extensions, logs, looks, proving, read_only, security
from research_hub.config import Environment, Settings
from research_hub.db import db, prepare_engine
from research_hub.files import FileStore
from research_hub.key_file import WatchedKeys, read_keys
from research_hub.known_passwords import read_known_passwords
from research_hub.postman import Postman
from research_hub.read_only import ReadOnly, ReadOnlyMode, read_only_mode
from research_hub.search_service import SearchService
from research_hub.turns import Turns
from research_hub.web import BLUEPRINTS
from research_hub.web.words import TEMPLATE_FILTERS, TEMPLATE_GLOBALS

_HERE = Path(__file__).resolve().parent
# In a checkout the templates lie at the top level; in a wheel they are packaged inside research_hub.
_TEMPLATES = next(path for path in (_HERE.parent / "templates", _HERE / "templates") if path.is_dir())


def create_served_app() -> Flask:
    """The application for a process that serves until it ends, made before the workers are forked."""
    app = create_app()
    settle_memory()
    return app


def settle_memory() -> None:
    """Looks for lost objects rarely, and never among those of the start.

    A page of 1,000 highlights makes some 100,000 objects that live as long as its request. With Python's own limits
    they set off collections of everything, which took up to twice the time of the page itself.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def create_app(settings: Settings | None = None) -> Flask:
    """Makes the WSGI application. Raises RuntimeError when a route declares no permission."""
    settings = settings or Settings()
    production = settings.environment is Environment.PRODUCTION
    logs.configure(as_json=production)
    app = Flask("research_hub", template_folder=str(_TEMPLATES), static_folder=str(_HERE / "static"))
    app.config.update(_flask_config(settings, production=production))
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(TEMPLATE_FILTERS)
    app.jinja_env.globals.update(TEMPLATE_GLOBALS)
    app.context_processor(_page_context)
    if settings.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_proto=0, x_host=0)  # type: ignore[method-assign]
    security.guard(app)
    proving.guard(app)
    _join_extensions(app)
    read_only.guard(app)
    looks.watch(app)
    app.extensions["settings"] = settings
    app.extensions["read_only"] = ReadOnlyMode(settings)
    app.extensions["keys"] = read_keys(settings.keys_path)
    app.extensions["key_file"] = WatchedKeys(settings.keys_path)
    app.extensions["known_passwords"] = read_known_passwords(settings.known_passwords)
    app.extensions["files"] = FileStore(settings.files_path)
    app.extensions["search"] = SearchService(settings)
    app.extensions["postman"] = Postman(app, settings)
    app.extensions["turns"] = Turns()
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    errors.install(app)
    security.check_every_route_is_declared(app)
    _fingerprint_static_files(app)
    return app


def _flask_config(settings: Settings, *, production: bool) -> Mapping[str, Any]:
    return {
        "SECRET_KEY": settings.read_secret_key(),
        "SQLALCHEMY_DATABASE_URI": settings.sqlalchemy_url,
        # The prefix has browsers refuse the cookie without Secure, for another path, or from a neighbouring host.
        "SESSION_COOKIE_NAME": "__Host-research_hub" if production else "research_hub",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": production,
        "TRUSTED_HOSTS": settings.hosts,
        "MAX_CONTENT_LENGTH": settings.max_body,
        "MAX_FORM_MEMORY_SIZE": settings.max_body,
        "COMPRESS_REGISTER": False,
        "COMPRESS_ALGORITHM": ["br", "gzip"],
        "COMPRESS_BR_LEVEL": 3,
        "COMPRESS_LEVEL": 3,
        "COMPRESS_MIN_SIZE": 1_000,
        "WTF_CSRF_TIME_LIMIT": 12 * 3600,
        "WTF_CSRF_SSL_STRICT": production,
    }


def _join_extensions(app: Flask) -> None:
    db.init_app(app)
    extensions.compress.init_app(app)
    app.after_request(_compressed)
    extensions.csrf.init_app(app)
    extensions.migrate.init_app(app, db, directory=str(_HERE / "migrations"))
    with app.app_context():
        prepare_engine(db.engine)


def _compressed(response: Response) -> Response:
    """Pages that hold nothing of what was asked go out compressed; all others as they are (docs/adr/0011)."""
    if request.method != "GET" or request.query_string or response.mimetype != "text/html":
        return response
    shrunk: Response = extensions.compress.after_request(response)
    return shrunk


def _page_context() -> dict[str, Any]:
    problem = getattr(g, "problem", None)
    not_saved = problem.message if isinstance(problem, ReadOnly) else ""
    return {
        "member": getattr(g, "member", None),
        # The frame of every page tells that nothing was saved; pages tell their own problems.
        "problem": None if not_saved else problem,
        "not_saved": not_saved,
        "version": __version__,
        "Permission": Permission,
        "read_only": read_only_mode().why(),
    }


def _fingerprint_static_files(app: Flask) -> None:
    """Addresses of static files carry a hash of their content, so that browsers may keep them for a year."""
    static = Path(app.static_folder or "")
    known: dict[str, str] = {}

    def add_hash(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint != "static" or values.get("filename", "vendor/").startswith("vendor/"):
            return
        name = values["filename"]
        if name not in known:
            known[name] = _content_hash(static / name)
        values["v"] = known[name]

    app.url_defaults(add_hash)
    headers = _static_headers(app.extensions["settings"])
    served = WhiteNoise(
        app.wsgi_app,
        root=static,
        prefix="static/",
        max_age=31_536_000,
        add_headers_function=headers,
        # Said to every site, the default, it would let any of them read our files; nobody else needs them.
        allow_all_origins=False,
    )
    app.wsgi_app = served  # type: ignore[method-assign]  # how Flask documents WSGI middleware


def _content_hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12] if path.is_file() else "0"


def _static_headers(settings: Settings) -> Callable[[Any, str, str], None]:
    strict = security.strict_headers(settings)

    def add(headers: Any, _path: str, _url: str) -> None:  # noqa: ANN401 - WhiteNoise's header list
        for name, value in strict.items():
            headers[name] = value

    return add
