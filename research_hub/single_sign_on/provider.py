"""What the issuer says of itself (OpenID Connect Discovery), and its keys; both kept for an hour."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import Any, Final

from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from research_hub.single_sign_on.client import IssuerClient, ProviderUnavailable

KEPT_FOR: Final = 3600.0
_ASKED_AGAIN_AFTER: Final = 60.0
"""Seconds between two looks for keys that a token names and we do not know: rotated keys are found soon."""
WELL_KNOWN: Final = "/.well-known/openid-configuration"


@dataclass(frozen=True, slots=True)
class Endpoints:
    """`end_session` is '' where the provider has none; `says_issuer` where its answers carry `iss` (RFC 9207)."""

    authorization: str
    token: str
    keys: str
    end_session: str
    says_issuer: bool
    secret_in_header: bool


class Provider:
    """One issuer; safe to share between threads."""

    def __init__(self, issuer: str) -> None:
        self.issuer = issuer
        self.client = IssuerClient(issuer)
        self._lock = threading.Lock()
        self._endpoints: tuple[float, Endpoints] | None = None
        self._keys: tuple[float, KeySet] | None = None

    def endpoints(self) -> Endpoints:
        """Raises ProviderUnavailable, also where the document is another issuer's."""
        with self._lock:
            if self._endpoints is None or time.monotonic() - self._endpoints[0] > KEPT_FOR:
                self._endpoints = (time.monotonic(), self._discover())
            return self._endpoints[1]

    def known_endpoints(self) -> Endpoints | None:
        """Without asking: for pages that must not wait."""
        return None if self._endpoints is None else self._endpoints[1]

    def keys(self, *, naming: str | None = None) -> KeySet:
        """The issuer's public keys; asked for anew where the one named is not among those known."""
        address = self.endpoints().keys
        with self._lock:
            age = KEPT_FOR if self._keys is None else time.monotonic() - self._keys[0]
            known = self._keys is not None and (naming is None or any(key.kid == naming for key in self._keys[1].keys))
            if age >= KEPT_FOR or (not known and age > _ASKED_AGAIN_AFTER):
                self._keys = (time.monotonic(), _key_set(self.client.get_json(address)))
            assert self._keys is not None  # noqa: S101 - asked for just now
            return self._keys[1]

    def _discover(self) -> Endpoints:
        said = self.client.get_json(self.issuer.rstrip("/") + WELL_KNOWN)
        if said.get("issuer") != self.issuer:
            raise ProviderUnavailable("The issuer calls itself otherwise than RESEARCH_HUB_OIDC_ISSUER does.")
        methods = said.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        try:
            return Endpoints(
                authorization=str(said["authorization_endpoint"]),
                token=str(said["token_endpoint"]),
                keys=str(said["jwks_uri"]),
                end_session=str(said.get("end_session_endpoint", "")),
                says_issuer=said.get("authorization_response_iss_parameter_supported") is True,
                secret_in_header="client_secret_basic" in methods,
            )
        except KeyError as error:
            raise ProviderUnavailable(f"The issuer does not say its {error}.") from error


def _key_set(said: dict[str, Any]) -> KeySet:
    """Public keys to check signatures with; a shared secret among them would let anybody sign."""
    usable = [key for key in said.get("keys", []) if isinstance(key, dict) and key.get("kty") in {"RSA", "EC", "OKP"}]
    try:
        return KeySet.import_key_set({"keys": usable})
    except (JoseError, ValueError, KeyError, TypeError) as error:
        raise ProviderUnavailable("The issuer's keys cannot be read.") from error
