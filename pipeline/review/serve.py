"""The server of the review page: one process, this machine only unless asked otherwise, the dataset's files kept up to date."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.review import guard
from pipeline.review.desk import Desk
from pipeline.review.project import Project
from pipeline.review.refresh import is_fresh
from pipeline.review.store import StoreError

#: The files are written when nothing was saved for this many seconds, or after `_AT_LATEST`.
_QUIET = 20.0
_AT_LATEST = 120.0


@dataclass
class Serving:
    """What the command asked for. `host` other than a loopback address needs `reviewers`, who get a token each."""

    datasets: Sequence[Path]
    host: str = "127.0.0.1"
    port: int | None = None
    reviewers: Sequence[str] = ()
    leads: Sequence[str] = ()
    documents: Sequence[Path] = ()
    audit_share: float | None = None
    second_share: float | None = None
    seed: str | None = None
    browser: bool = True
    new_tokens: bool = False
    say: Callable[[str], None] = field(default=print)


class ServingError(Exception):
    """The page cannot be served; says why and what to do."""

    for_users = True


def serve(wanted: Serving) -> int:
    """Serves the page until it is stopped. Raises DatasetError, StoreError, ServingError in words."""
    import waitress

    tokens = not guard.is_loopback(wanted.host)
    names = [_name(name) for name in (*wanted.reviewers, *wanted.leads)]
    projects = []
    for path in dict.fromkeys(p.resolve() for p in wanted.datasets):
        wanted.say(f"Opening {path} ...")
        projects.append(Project(path))
    for project in projects:
        project.set(
            "lead", audit_share=wanted.audit_share, second_share=wanted.second_share, seed=wanted.seed
        )
    if tokens:
        for line in _give_tokens(projects[0], names, wanted):
            wanted.say(line)
    app, keeper = make_app(projects, tokens, [_name(name) for name in wanted.leads], wanted.documents)
    listening = _listen(wanted.host, wanted.port)
    server = waitress.create_server(
        app, sockets=[listening], threads=8, connection_limit=200, channel_timeout=60, ident="",
        max_request_body_size=guard.MAX_REQUEST, max_request_header_size=64 * 1024, asyncore_use_poll=True,
    )  # fmt: skip
    port = listening.getsockname()[1]
    host = f"[{wanted.host}]" if ":" in wanted.host else wanted.host
    shown = "127.0.0.1" if wanted.host in ("0.0.0.0", "::") else host
    address = f"http://{shown}:{port}/"
    wanted.say(f"The review page: {address}   (Ctrl-C ends it; everything is saved at once)")
    if tokens:
        wanted.say(
            "Labels and tokens travel unencrypted: use a network you trust, or put TLS in front (docs/review.md)."
        )
    keeper.start()
    if wanted.browser:
        threading.Thread(target=_open_browser, args=(address,), daemon=True).start()
    try:
        with _stopped_by_signals():
            server.run()
    except (KeyboardInterrupt, SystemExit):
        pass
    finally:
        server.close()
        keeper.stop()
        problems = keeper.write()
        for problem in problems:
            wanted.say(problem)
        if not problems:
            wanted.say("Stopped. Every label is in the dataset's files.")
        for project in projects:
            project.close()
    return 1 if problems else 0


def make_app(
    projects: Sequence[Project],
    tokens: bool = False,
    leads: Sequence[str] = (),
    documents: Sequence[Path] = (),
) -> tuple[Any, Keeper]:
    """The web application over opened datasets, and what keeps their files up to date."""
    from pipeline.review.web import Settings, create_app

    keeper = Keeper([project.path for project in projects])
    settings = Settings(tokens, frozenset(leads), documents, keeper.write, _models(projects))
    app = create_app(Desk(projects), settings, keeper.touch)
    return app, keeper


class Keeper:
    """Brings the files of the datasets up to the store, in a process of its own, when it is quiet."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self._paths = list(paths)
        self._saved = threading.Event()
        self._ended = threading.Event()
        self._writing = threading.Lock()
        self._last = 0.0
        self._thread = threading.Thread(target=self._run, daemon=True)

    def touch(self) -> None:
        """Something was saved."""
        self._last = time.monotonic()
        self._saved.set()

    def start(self) -> None:
        """Begins to watch; what an earlier run left unwritten is written first."""
        if not all(is_fresh(path) for path in self._paths):
            self.touch()
        self._thread.start()

    def stop(self) -> None:
        """Ends the watching."""
        self._ended.set()
        self._saved.set()

    def write(self) -> list[str]:
        """Writes what is not in the files yet; gives what went wrong, in words. The store has everything in any case."""
        problems = []
        with self._writing:
            for path in self._paths:
                if is_fresh(path):
                    continue
                done = subprocess.run(
                    [sys.executable, "-m", "pipeline.review.refresh", str(path)],
                    capture_output=True, text=True, check=False, env={**os.environ, "PYTHONPATH": _python_path()},
                )  # fmt: skip
                if done.returncode:
                    said = (done.stderr.strip().splitlines() or ["unknown reason"])[-1]
                    problems.append(
                        f"The labels are safe in the review store, but not in the files yet: {said}"
                    )
        return problems

    def _run(self) -> None:
        while not self._ended.is_set():
            self._saved.wait()
            first = time.monotonic()
            while time.monotonic() - self._last < _QUIET and time.monotonic() - first < _AT_LATEST:
                if self._ended.wait(0.5):
                    return
            self._saved.clear()
            if self.write() and not self._ended.wait(30):
                self._saved.set()  # tried again: another run was writing, or the disk was full


def _python_path() -> str:
    root = str(Path(__file__).resolve().parent.parent.parent)
    old = os.environ.get("PYTHONPATH")
    return root + (os.pathsep + old if old else "")


def _name(given: str) -> str:
    from pipeline.review.web import clean_name

    name = clean_name(given)
    if name is None:
        raise ServingError(f"{given!r} is no name for a reviewer: 1 to 60 letters, without a semicolon.")
    return name


def _give_tokens(project: Project, names: Sequence[str], wanted: Serving) -> list[str]:
    known = project.store.tokens()
    lines = []
    for name in dict.fromkeys(names):
        if name not in known or wanted.new_tokens:
            token = guard.new_token()
            project.store.set_token(name, token)
            lines.append(f"Token for {name}: {token}")
    if not known and not names:
        raise ServingError(
            f"--host {wanted.host} lets others reach the page, so each reviewer needs a token. Name them: --reviewer Ada --reviewer Ben."
        )
    if lines:
        lines.append("Give each reviewer their own token. It is shown this once; --new-tokens makes others.")
    return lines


def _listen(host: str, port: int | None) -> socket.socket:
    """A listening socket; without a wish for a port, the first free one from 8765 on."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    last: OSError | None = None
    for candidate in [port] if port is not None else [*range(8765, 8785), 0]:
        listening = socket.socket(family, socket.SOCK_STREAM)
        if os.name == "posix":
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((host, candidate))
            return listening
        except OSError as error:
            listening.close()
            last = error
    assert last is not None
    raise ServingError(
        f"The page cannot listen on {host}, port {port or 8765} ({last.strerror or last}). Choose another port with --port."
    ) from last


def _open_browser(address: str) -> None:
    import webbrowser

    time.sleep(0.4)
    webbrowser.open(address)


class _stopped_by_signals:
    """SIGTERM ends the server as Ctrl-C does: the files are brought up to date first."""

    def __enter__(self) -> None:
        def stop(number: int, frame: object) -> None:
            raise SystemExit

        self._old = (
            signal.signal(signal.SIGTERM, stop)
            if threading.current_thread() is threading.main_thread()
            else None
        )

    def __exit__(self, *error: object) -> None:
        if self._old is not None:
            signal.signal(signal.SIGTERM, self._old)


def _models(projects: Sequence[Project]) -> dict[str, Any]:
    """The models that judged the datasets, by name, for the marks on the page; under "" the one in use."""
    from pipeline.records import InputError
    from pipeline.stance import registry
    from pipeline.stance.model import load_model

    found: dict[str, Any] = {}
    for name in ["", *{(p.dataset.manifest.get("model") or {}).get("name") for p in projects}]:
        try:
            if name is not None:
                found[name] = load_model(registry.find(name) if name else registry.model_in_use())
        except (InputError, OSError):
            continue
    return found


__all__ = ["Keeper", "Serving", "ServingError", "StoreError", "make_app", "serve"]
