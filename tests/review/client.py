"""A reviewer's browser without the browser: keeps the session, sends the forms that the pages hold. Also starts the server."""

from __future__ import annotations

import html
import http.client
import re
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode, urlsplit

ROOT = Path(__file__).resolve().parent.parent.parent

_HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')


@dataclass
class Answer:
    """What came back: status, path of the page, its text."""

    status: int
    path: str
    text: str


@dataclass
class Client:
    """Speaks HTTP with one kept connection; `page` is the last page seen."""

    port: int
    host: str = "127.0.0.1"
    cookies: dict[str, str] = field(default_factory=dict)
    page: Answer = field(default_factory=lambda: Answer(0, "", ""))
    _connection: http.client.HTTPConnection | None = None

    def request(
        self,
        method: str,
        path: str,
        form: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
    ) -> tuple[int, str, http.client.HTTPMessage]:
        """One request, no redirects followed: status, text, headers."""
        sent = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items()), **(headers or {})}
        body = None
        if form is not None:
            body = urlencode(form).encode()
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        if self._connection is None:
            self._connection = http.client.HTTPConnection(self.host, self.port, timeout=30)
        try:
            self._connection.request(method, path, body, sent)
            response = self._connection.getresponse()
            text = response.read().decode("utf-8", "replace")
        except (OSError, http.client.HTTPException):
            self._connection.close()
            self._connection = None
            raise
        for cookie in response.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return response.status, text, response.headers

    def get(self, path: str) -> Answer:
        """A page, redirects followed."""
        status, text, headers = self.request("GET", path)
        for _ in range(5):
            if status not in (302, 303):
                break
            place = urlsplit(headers["Location"])
            path = place.path + (f"?{place.query}" if place.query else "")
            status, text, headers = self.request("GET", path)
        self.page = Answer(status, path, text)
        return self.page

    def fields(self, form: str = 'id="act"') -> dict[str, str]:
        """The hidden fields of a form of the page; `form` is a piece of its first tag."""
        start = self.page.text.index(form)
        end = self.page.text.index("</form>", start)
        return {name: html.unescape(value) for name, value in _HIDDEN.findall(self.page.text[start:end])}

    def post(self, path: str, form: dict[str, str], follow: bool = True) -> Answer:
        """Sends a form; with `follow`, shows the page that it leads to."""
        status, text, headers = self.request("POST", path, form)
        if status in (302, 303) and follow:
            place = urlsplit(headers["Location"])
            return self.get(place.path + (f"?{place.query}" if place.query else ""))
        self.page = Answer(status, headers.get("Location") or path, text)
        return self.page

    def enter(self, name: str, field_name: str = "name") -> Answer:
        """Signs in by name (or by token)."""
        self.get("/enter")
        fields = self.fields('action="/enter"')
        return self.post("/enter", {**fields, field_name: name})

    def label(self, label: str, **more: str) -> Answer:
        """Presses a label's key on the speech that is shown."""
        return self.post("/act", {**self.fields(), "label": label, **more})

    def adjudicate(self, label: str, **more: str) -> Answer:
        """Presses a label's key on the dispute that is shown."""
        return self.post("/adjudicate", {**self.fields(), "label": label, **more})

    def undo(self) -> Answer:
        """Presses U."""
        return self.post("/undo", self.fields('action="/undo"'))

    @property
    def heading(self) -> str:
        """The page's heading."""
        found = re.search(r"<h1[^>]*>(.*?)</h1>", self.page.text, re.S)
        return html.unescape(found.group(1)) if found else ""


class Server:
    """`r2p-stance review` in a process of its own, on a free port."""

    def __init__(self, *datasets: Path, options: tuple[str, ...] = ()) -> None:
        command = [
            sys.executable,
            "-u",
            "-m",
            "pipeline.cli",
            "review",
            *map(str, datasets),
            "--no-browser",
            "--port",
            "0",
            *options,
        ]
        self.process = subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8"
        )
        assert self.process.stdout is not None
        self.said: list[str] = []
        self.port = 0
        for line in self.process.stdout:
            self.said.append(line)
            if found := re.search(r"http://[^:]+:(\d+)/", line):
                self.port = int(found.group(1))
                break
        if not self.port:
            raise RuntimeError("".join(self.said))

    @property
    def address(self) -> str:
        """Where the page is."""
        return f"http://127.0.0.1:{self.port}"

    def kill(self) -> None:
        """`kill -9`, as a power cut would."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self._close()

    def stop(self) -> int:
        """Ctrl-C's gentler brother; gives the exit status."""
        self.process.terminate()
        deadline = time.monotonic() + 60
        while self.process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.02)
        self._close()
        return int(self.process.wait())

    def _close(self) -> None:
        if self.process.stdout is not None:
            self.said += self.process.stdout.readlines()
            self.process.stdout.close()

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *error: object) -> None:
        if self.process.poll() is None:
            self.stop()


class InProcess(Client):
    """The same reviewer against the application itself, without a server."""

    def __init__(self, app: object, address: str = "127.0.0.1", host: str = "127.0.0.1") -> None:
        super().__init__(0, host)
        self._app = app.test_client(use_cookies=False)  # type: ignore[attr-defined]
        self._address = address

    def request(
        self,
        method: str,
        path: str,
        form: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
    ) -> tuple[int, str, http.client.HTTPMessage]:
        sent = {
            "Host": f"{self.host}:8765",
            "Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items()),
            **(headers or {}),
        }
        answer = self._app.open(
            path, method=method, data=form, headers=sent, environ_overrides={"REMOTE_ADDR": self._address}
        )
        for cookie in answer.headers.getlist("Set-Cookie"):
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        self.headers = answer.headers
        return answer.status_code, answer.get_data(as_text=True), answer.headers
