"""The one client that speaks to another machine: the configured issuer and the endpoints that it names, no other.

No redirect is followed, no answer may be longer than a megabyte or come later than ten seconds, and no address inside
the organisation's own network is spoken to, unless the issuer itself was configured to be there.
"""

from __future__ import annotations

import ipaddress
import json
import socket
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

import requests

TIMEOUT: Final = 10.0
"""Seconds to connect, and between two pieces of an answer."""
_LONGEST: Final = 1_000_000


class ProviderUnavailable(Exception):
    """The provider did not answer as it should. The message is for the log: it names hosts and no secrets."""


class IssuerClient:
    """Speaks for one issuer."""

    def __init__(self, issuer: str) -> None:
        self._issuer = urlsplit(issuer)
        self._inside = _is_inside(self._issuer.hostname or "")

    def get_json(self, address: str) -> dict[str, Any]:
        return self._ask("GET", address, None, None)

    def post_form(self, address: str, form: Mapping[str, str], auth: tuple[str, str] | None) -> dict[str, Any]:
        return self._ask("POST", address, form, auth)

    def _ask(
        self, method: str, address: str, form: Mapping[str, str] | None, auth: tuple[str, str] | None
    ) -> dict[str, Any]:
        """Raises ProviderUnavailable."""
        self._refuse_other_places(address)
        try:
            with requests.Session() as connection:
                # Nothing of the environment, such as a proxy or a .netrc file, changes where secrets go.
                connection.trust_env = False
                with connection.request(
                    method,
                    address,
                    data=form,
                    auth=auth,
                    timeout=TIMEOUT,
                    allow_redirects=False,
                    stream=True,
                    headers={"Accept": "application/json"},
                ) as answer:
                    return _read(answer)
        except (requests.RequestException, OSError) as error:
            raise ProviderUnavailable(f"{urlsplit(address).hostname} did not answer: {type(error).__name__}") from error

    def _refuse_other_places(self, address: str) -> None:
        place = urlsplit(address)
        if place.scheme != "https" and (place.scheme, place.netloc) != (self._issuer.scheme, self._issuer.netloc):
            raise ProviderUnavailable(f"{place.hostname} is not to be spoken to without encryption.")
        if place.username or place.password or not place.hostname:
            raise ProviderUnavailable("The provider named an address that is none.")
        if not self._inside and _is_inside(place.hostname):
            raise ProviderUnavailable(f"{place.hostname} is inside this network, and the issuer is not.")


def _read(answer: requests.Response) -> dict[str, Any]:
    if answer.status_code != requests.codes.ok:
        raise ProviderUnavailable(f"{urlsplit(answer.url).hostname} answered {answer.status_code}.")
    content = b""
    for piece in answer.iter_content(65_536):
        content += piece
        if len(content) > _LONGEST:
            raise ProviderUnavailable(f"{urlsplit(answer.url).hostname} answered at too great a length.")
    try:
        read = json.loads(content)
    except ValueError as error:
        raise ProviderUnavailable(f"{urlsplit(answer.url).hostname} answered no JSON.") from error
    if not isinstance(read, dict):
        raise ProviderUnavailable(f"{urlsplit(answer.url).hostname} answered something else than was asked.")
    return read


def _is_inside(host: str) -> bool:
    """Whether one of the host's addresses is not of the public internet; an unknown name is told when asked."""
    try:
        found = {entry[4][0] for entry in socket.getaddrinfo(host, None)}
    except OSError:
        return False
    return any(not ipaddress.ip_address(str(each).partition("%")[0]).is_global for each in found)
