"""A provider of single sign-on on this machine that can be told to misbehave. Signs with a key of its own."""

from __future__ import annotations

import hmac
import json
import logging
import threading
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

CLIENT, SECRET = "research-hub", "a secret that only the two know"
_KEY = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
_OTHER = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})


@dataclass
class Hostile:
    """`person` are the claims; `spoil` changes the claims of a token, `sign` makes the token."""

    address: str = ""
    person: dict[str, Any] = field(default_factory=dict)
    spoil: Callable[[dict[str, Any]], None] = lambda _claims: None
    sign: str = "RS256"
    down: bool = False
    metadata: dict[str, Any] = field(default_factory=dict)
    answer: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    _codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def lets_in(self, address: str) -> str:
        """What somebody's browser meets: from the address that the hub sends them to, to the one they come back to."""
        query = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        code = f"code-{len(self._codes)}"
        self._codes[code] = query
        back = {"code": code, "state": query["state"], **self.answer}
        return f"{urlsplit(query['redirect_uri']).path}?{urlencode(back)}"

    @Request.application
    def __call__(self, request: Request) -> Response:
        self.asked.append(request.path)
        if self.down:
            return Response("down", 503)
        if request.path == "/.well-known/openid-configuration":
            return _json(self._says())
        if request.path == "/keys":
            return _json({"keys": [_KEY.as_dict(private=False)]})
        if request.path == "/token":
            return self._token(request)
        return Response("no", 404)

    def _says(self) -> dict[str, Any]:
        return {
            "issuer": self.address,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "jwks_uri": f"{self.address}/keys",
            "end_session_endpoint": f"{self.address}/leave",
            **self.metadata,
        }

    def _token(self, request: Request) -> Response:
        began = self._codes.pop(request.form.get("code", ""), None)
        proof = urlsafe_b64encode(sha256(request.form.get("code_verifier", "").encode()).digest()).rstrip(b"=").decode()
        known = request.authorization is not None and request.authorization.password == SECRET
        if began is None or not known or proof != began["code_challenge"]:
            return _json({"error": "invalid_grant"}, 400)
        claims = {
            "iss": self.address,
            "aud": CLIENT,
            "iat": int(time.time()),
            "exp": int(time.time()) + 300,
            "nonce": began["nonce"],
            "auth_time": int(time.time()),
            **self.person,
        }
        self.spoil(claims)
        return _json({"access_token": "x", "token_type": "Bearer", "id_token": self._signed(claims)})

    def _signed(self, claims: dict[str, Any]) -> str:
        if self.sign == "none":
            return f"{_encoded({'alg': 'none', 'typ': 'JWT'})}.{_encoded(claims)}."
        if self.sign.startswith("HS256"):
            shared = _KEY.as_pem(private=False) if self.sign.endswith("public key") else SECRET.encode()
            said = f"{_encoded({'alg': 'HS256', 'kid': 'one'})}.{_encoded(claims)}"
            return f"{said}.{urlsafe_b64encode(hmac.digest(shared, said.encode(), 'sha256')).rstrip(b'=').decode()}"
        return jwt.encode({"alg": "RS256", "kid": "one"}, claims, _OTHER if self.sign == "another key" else _KEY)


@contextmanager
def provider() -> Iterator[Hostile]:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    made = Hostile()
    server = make_server("127.0.0.1", 0, made, threaded=True)  # type: ignore[arg-type]  # a WSGI application
    made.address = f"http://127.0.0.1:{server.port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        thread.join(timeout=10)
        server.server_close()


def _encoded(said: dict[str, Any]) -> str:
    return urlsafe_b64encode(json.dumps(said).encode()).rstrip(b"=").decode()


def _json(said: dict[str, Any], status: int = 200) -> Response:
    return Response(json.dumps(said), status, mimetype="application/json")
