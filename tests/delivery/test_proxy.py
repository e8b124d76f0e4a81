"""The examples of web servers before the hub: their limits are those of the settings, and nginx takes its own.

With nginx at hand (Debian's package, or NGINX names the program) it is started before the application and asked.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import ssl
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from flask import Flask
from live import served

from research_hub.config import Settings

PROXY = Path(__file__).parents[2] / "docs" / "proxy"
NGINX = os.environ.get("NGINX") or shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin") or ""
MEGABYTE = 1024 * 1024


def limits() -> dict[str, int]:
    """Megabytes, rounded up, by the name of the setting that a route declares."""
    settings = Settings()
    names = ("max_upload", "upload_body", "upload_form_body", "max_recording")
    return {name: -(-getattr(settings, name) // MEGABYTE) for name in names}


def locations(text: str) -> list[tuple[re.Pattern[str], int]]:
    """Of nginx: the pattern of each location with a body limit of its own, in megabytes."""
    found = re.findall(r"location ~ (\S+) \{\s+client_max_body_size (\d+)m;", text)
    return [(re.compile(pattern), int(size)) for pattern, size in found]


def test_every_route_that_takes_larger_bodies_is_let_through_and_no_other(app: Flask) -> None:
    text = (PROXY / "nginx.conf").read_text()
    known = locations(text)
    assert len(known) == 3
    for rule in app.url_map.iter_rules():
        if "POST" not in (rule.methods or ()):
            continue
        setting = getattr(app.view_functions[rule.endpoint], "body_setting", None)
        path = re.sub(r"<int:[^>]+>", "7", rule.rule)
        path = re.sub(r"<[^>]+>", "REF-1", path)
        let_through = [size for pattern, size in known if pattern.search(path)]
        if setting is not None:
            assert let_through, f"{path} may be larger, and nginx would refuse it"
            assert let_through[0] >= limits().get(setting, 0), path
        else:
            assert not let_through, f"{path} takes no larger bodies"
    assert f"client_max_body_size {Settings().max_body // MEGABYTE}m;" in text


def test_both_examples_name_the_same_limits() -> None:
    nginx = {size for _pattern, size in locations((PROXY / "nginx.conf").read_text())}
    caddy = {int(size) for size in re.findall(r"max_size (\d+)MiB", (PROXY / "Caddyfile").read_text())}

    assert caddy == nginx | {Settings().max_body // MEGABYTE}


def test_both_hold_slow_clients_off_and_insist_on_https() -> None:
    nginx, caddy = (PROXY / "nginx.conf").read_text(), (PROXY / "Caddyfile").read_text()

    for word in ("client_header_timeout", "client_body_timeout", "send_timeout", "proxy_request_buffering on"):
        assert word in nginx
    for word in ("read_header", "read_body", "idle", "request_buffers"):
        assert word in caddy
    assert all('Strict-Transport-Security "max-age=31536000' in each for each in (nginx, caddy))


@pytest.fixture
def behind_nginx(app: Flask, tmp_path: Path) -> Iterator[int]:
    """The application behind nginx with the example as it stands, but for names, ports and shorter patience."""
    if not NGINX:
        pytest.skip("nginx is not installed: apt-get install nginx-light")
    with served(app) as address:
        port, plain = _free_port(), _free_port()
        (tmp_path / "plain").write_text(str(plain))
        _write_certificate(tmp_path)
        text = (PROXY / "nginx.conf").read_text()
        for old, new in (
            ("127.0.0.1:8000", address.removeprefix("http://")),
            ("/etc/ssl/certs/hub.example.gov.pem", str(tmp_path / "certificate.pem")),
            ("/etc/ssl/private/hub.example.gov.key", str(tmp_path / "key.pem")),
            ("listen 443 ssl;", f"listen 127.0.0.1:{port} ssl;"),
            ("listen 80;", f"listen 127.0.0.1:{plain};"),
            ("hub.example.gov", "localhost"),
            ("client_header_timeout 10s", "client_header_timeout 1s"),
            ("client_body_timeout 15s", "client_body_timeout 1s"),
        ):
            assert old in text, old
            text = text.replace(old, new)
        text = re.sub(r"    listen \[::\].*\n", "", text)
        (tmp_path / "site.conf").write_text(text)
        (tmp_path / "nginx.conf").write_text(
            f"daemon off; pid {tmp_path}/pid; error_log {tmp_path}/error.log; worker_processes 1; "
            f"events {{}} http {{ access_log off; client_body_temp_path {tmp_path}/bodies; "
            f"proxy_temp_path {tmp_path}/answers; fastcgi_temp_path {tmp_path}/f; uwsgi_temp_path {tmp_path}/u; "
            f"scgi_temp_path {tmp_path}/s; include {tmp_path}/site.conf; }}\n"
        )
        checked = subprocess.run(_command(tmp_path, "-t"), capture_output=True, text=True, check=False)
        assert checked.returncode == 0, checked.stderr
        with subprocess.Popen(_command(tmp_path)) as nginx:
            try:
                _wait_for(port)
                yield port
            finally:
                nginx.terminate()


@pytest.mark.slow
def test_nginx_takes_the_example_and_what_it_lets_through_is_held_to_its_limits(behind_nginx: int) -> None:
    status, headers = _ask(behind_nginx, "/sign-in")
    too_much = _ask(behind_nginx, "/decisions", b"x" * (9 * MEGABYTE))[0]
    hidden = [_ask(behind_nginx, path)[0] for path in ("/metrics", "/readyz", "/healthz")]

    assert status == 200
    assert headers["Strict-Transport-Security"].startswith("max-age=31536000")
    assert "script-src 'self'" in headers["Content-Security-Policy"]
    assert headers["Server"] == "nginx"
    assert too_much == 413
    assert hidden == [404] * 3


@pytest.mark.slow
def test_people_are_led_to_https_and_programs_are_refused_without_it(behind_nginx: int, tmp_path: Path) -> None:
    assert behind_nginx
    answers = []
    for path in ("/sign-in", "/feeds/a-token.atom", "/unsubscribe/a-token", "/healthz"):
        with closing(HTTPConnection("127.0.0.1", int((tmp_path / "plain").read_text()), timeout=5)) as connection:
            connection.request("GET", path, headers={"Host": "localhost"})
            answer = connection.getresponse()
            answers.append((answer.status, answer.getheader("Location")))

    assert answers == [(301, "https://localhost/sign-in"), *[(403, None)] * 3]


@pytest.mark.slow
def test_clients_that_send_byte_by_byte_are_let_go_of_and_hold_up_nobody(behind_nginx: int) -> None:
    context = _trusting()
    slow = [
        context.wrap_socket(socket.create_connection(("127.0.0.1", behind_nginx)), server_hostname="localhost")
        for _ in range(30)
    ]
    for each in slow:
        each.sendall(b"POST /decisions HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nemail=")

    status, _headers = _ask(behind_nginx, "/sign-in")
    ends = [each.recv(4096) for each in slow]
    for each in slow:
        each.close()

    assert status == 200
    assert all(not end or b"408" in end for end in ends), "nginx ends them, and the hub never heard of them"


def _command(folder: Path, *options: str) -> list[str]:
    return [NGINX, "-c", str(folder / "nginx.conf"), "-p", str(folder), "-e", str(folder / "error.log"), *options]


def _ask(port: int, path: str, body: bytes | None = None) -> tuple[int, dict[str, str]]:
    request = urllib.request.Request(f"https://localhost:{port}{path}", body)
    try:
        with urllib.request.urlopen(request, context=_trusting(), timeout=30) as answer:
            return answer.status, dict(answer.headers)
    except urllib.error.HTTPError as answer:
        with answer:
            return answer.code, dict(answer.headers)


def _trusting() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def _wait_for(port: int) -> None:
    for _ in range(100):
        with closing(socket.socket()) as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    pytest.fail("nginx did not start")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _write_certificate(folder: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    moment = datetime.now(UTC)
    made = made.serial_number(1).not_valid_before(moment).not_valid_after(moment + timedelta(days=1))
    certificate = made.sign(key, hashes.SHA256())
    (folder / "certificate.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
