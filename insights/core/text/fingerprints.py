import hashlib
import json


def fingerprint(value: object) -> str:
    """SHA-256 in hex of the value's canonical JSON: sorted keys, no spaces, UTF-8.

    A link keeps the fingerprint of what it pointed at, and so knows when that has changed.

    Raises:
        TypeError: where the value holds something JSON does not know.
        ValueError: where it holds NaN or an infinity, which have no agreed writing.
    """
    written = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return hashlib.sha256(written.encode("utf-8", errors="surrogatepass")).hexdigest()
