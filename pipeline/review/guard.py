"""Who may come in, and how much: names or tokens, a key for the sessions, headers, bounds on sizes and rates."""

from __future__ import annotations

import hmac
import ipaddress
import secrets
import threading
import time
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from pipeline.dataset import PRIVATE

#: Largest request: a form with a note is a few thousand bytes.
MAX_REQUEST = 256 * 1024

#: Nothing from anywhere else, no inline script or style, no frames: what a document says can't do anything.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)

HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


def session_key(dataset: Path) -> bytes:
    """The key that signs sessions, kept beside the dataset with access for its owner alone, so that a restart logs nobody out."""
    file = dataset / PRIVATE / "review-session-key"
    try:
        key = file.read_bytes()
        if len(key) >= 32:
            return key
    except OSError:
        pass
    key = secrets.token_bytes(32)
    file.parent.mkdir(exist_ok=True)
    file.touch(mode=0o600)
    file.chmod(0o600)
    file.write_bytes(key)
    return key


def new_token() -> str:
    """A token that cannot be guessed: 144 random bits."""
    return secrets.token_urlsafe(18)


def who_has(token: str, tokens: Mapping[str, str]) -> str | None:
    """The reviewer whose token this is. Every stored hash is compared, in constant time."""
    given = sha256(token.encode("utf-8", "replace")).hexdigest()
    found = None
    for name, stored in tokens.items():
        if hmac.compare_digest(given, stored):
            found = name
    return found


def is_loopback(host: str) -> bool:
    """True for an address that only this machine reaches."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def host_is_ours(header: str | None) -> bool:
    """True where the request's Host header names this machine: a page elsewhere that has its own name point to 127.0.0.1
    (DNS rebinding) is turned away. Only for servers that listen on a loopback address."""
    name = (header or "").rsplit(":", 1)[0] if not (header or "").endswith("]") else (header or "")
    return is_loopback(name.strip("[]"))


class Rate:
    """At most `burst` requests at once and `per_second` over time, for each key. Keys that are quiet are forgotten."""

    def __init__(self, per_second: float, burst: int) -> None:
        self._per_second = per_second
        self._burst = burst
        self._left: dict[str, tuple[float, float]] = {}
        self._lock = threading.Lock()

    def allows(self, key: str, at: float | None = None) -> bool:
        """True where one more is within the bounds; counts it."""
        at = time.monotonic() if at is None else at
        with self._lock:
            if len(self._left) > 10_000:
                full = self._burst / self._per_second
                self._left = {k: v for k, v in self._left.items() if at - v[1] < full}
            left, since = self._left.get(key, (float(self._burst), at))
            left = min(float(self._burst), left + (at - since) * self._per_second)
            if left < 1:
                self._left[key] = (left, at)
                return False
            self._left[key] = (left - 1, at)
            return True
