"""Fetching, against a local server that behaves as the services do: redirects, limits, breaks and lies."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
import threading
import zipfile
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from pipeline.fetch import (
    Client,
    Fetched,
    FetchError,
    Politeness,
    fetch,
    fetch_ungdc,
    file_name,
    valid_symbol,
)

PDF = b"%PDF-1.4\n" + b"x" * 5000 + b"\n%%EOF\n"


class Service:
    """A scripted server: each path or symbol has a list of answers, given in turn, the last one for ever."""

    def __init__(self) -> None:
        self.answers: dict[str, list[Callable[[BaseHTTPRequestHandler], None]]] = {}
        self.asked: list[tuple[str, str]] = []
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                query = parse_qs(parts.query)
                name = query["s"][0] if "s" in query else parts.path
                service.asked.append((name, self.headers["User-Agent"]))
                answers = service.answers.get(name, [status(404)])
                (answers.pop(0) if len(answers) > 1 else answers[0])(self)

            def log_message(self, *arguments: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


def send(
    body: bytes, kind: str = "application/pdf", length: int | None = None
) -> Callable[[BaseHTTPRequestHandler], None]:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", kind)
        handler.send_header("Content-Length", str(len(body) if length is None else length))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def status(code: int, **headers: str) -> Callable[[BaseHTTPRequestHandler], None]:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(code)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return answer


@pytest.fixture
def service() -> Iterator[Service]:
    running = Service()
    yield running
    running.server.shutdown()
    running.server.server_close()


class Clock:
    """A clock that moves only when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    def client(self, **politeness: float) -> Client:
        return Client(Politeness(**politeness), sleep=self.sleep, clock=lambda: self.now)  # type: ignore[arg-type]


def one(
    service: Service, folder: Path, clock: Clock | None = None, symbol: str = "A/63/PV.98"
) -> Fetched | FetchError:
    [result] = fetch([symbol], folder, (clock or Clock()).client(), service.url)
    return result


def test_a_record_comes_through_redirects_and_is_noted_with_address_and_hash(
    service: Service, tmp_path: Path
) -> None:
    service.answers = {"A/63/PV.98": [status(302, Location="/doc/1.pdf")], "/doc/1.pdf": [send(PDF)]}
    result = one(service, tmp_path)
    assert isinstance(result, Fetched) and result.new
    assert result.path.read_bytes() == PDF
    note = json.loads((tmp_path / "fetched.json").read_text())["A_63_PV.98.pdf"]
    assert note["url"] == f"{service.url}/doc/1.pdf"
    assert note["sha256"] == hashlib.sha256(PDF).hexdigest()
    assert note["fetched_at"]
    assert all(agent.startswith("r2p-stance/") for _, agent in service.asked)


def test_a_pause_after_a_failure_is_told_with_its_reason(service: Service, tmp_path: Path) -> None:
    service.answers = {"A/63/PV.98": [status(503), status(429, Retry_After="7"), send(PDF)]}
    told: list[str] = []
    client = Clock().client()
    client.tell = told.append
    [result] = fetch(["A/63/PV.98"], tmp_path, client, service.url)
    assert isinstance(result, Fetched)
    assert [("A_63_PV.98.pdf" in t, "503" in t, "in 2 s" in t, "1 of 5" in t) for t in told[:1]] == [
        (True,) * 4
    ]
    assert "429" in told[1] and "in 7 s" in told[1] and len(told) == 2


def test_what_is_there_already_is_not_asked_for_again(service: Service, tmp_path: Path) -> None:
    service.answers = {"A/63/PV.98": [send(PDF)]}
    one(service, tmp_path)
    again = one(service, tmp_path)
    assert isinstance(again, Fetched) and not again.new and len(service.asked) == 1


def test_a_file_that_was_damaged_since_is_fetched_anew(service: Service, tmp_path: Path) -> None:
    service.answers = {"A/63/PV.98": [send(PDF)]}
    one(service, tmp_path)
    (tmp_path / "A_63_PV.98.pdf").write_bytes(PDF[:100])
    result = one(service, tmp_path)
    assert isinstance(result, Fetched) and result.new and result.path.read_bytes() == PDF


def test_one_request_a_second_at_most(service: Service, tmp_path: Path) -> None:
    clock = Clock()
    service.answers = {"A/1/PV.1": [send(PDF)], "A/1/PV.2": [send(PDF)], "A/1/PV.3": [send(PDF)]}
    list(fetch(["A/1/PV.1", "A/1/PV.2", "A/1/PV.3"], tmp_path, clock.client(), service.url))
    assert clock.slept == [1.0, 1.0]


def test_a_missing_document_is_not_asked_for_twice_and_the_others_come(
    service: Service, tmp_path: Path
) -> None:
    service.answers = {"A/1/PV.2": [send(PDF)]}
    missing, there = fetch(["A/1/PV.1", "A/1/PV.2"], tmp_path, Clock().client(), service.url)
    assert isinstance(missing, FetchError) and str(missing).startswith(
        "A/1/PV.1: the service has no such document"
    )
    assert isinstance(there, Fetched)
    assert [name for name, _ in service.asked] == ["A/1/PV.1", "A/1/PV.2"]


def test_too_many_requests_waits_as_long_as_the_service_says(service: Service, tmp_path: Path) -> None:
    clock = Clock()
    service.answers = {"A/63/PV.98": [status(429, Retry_After="17"), send(PDF)]}
    assert isinstance(one(service, tmp_path, clock), Fetched)
    assert clock.slept[0] == 17.0


def test_a_service_that_is_down_is_tried_with_growing_pauses_and_then_named(
    service: Service, tmp_path: Path
) -> None:
    clock = Clock()
    service.answers = {"A/63/PV.98": [status(503)]}
    result = one(service, tmp_path, clock)
    assert isinstance(result, FetchError) and "answers 503 (5 tries)" in str(result)
    assert clock.slept == [2.0, 4.0, 8.0, 16.0]
    assert list(tmp_path.glob("*.pdf")) == []


def test_a_connection_cut_off_midway_is_tried_again(service: Service, tmp_path: Path) -> None:
    service.answers = {"A/63/PV.98": [send(PDF[:2000], length=len(PDF)), send(PDF)]}
    result = one(service, tmp_path)
    assert isinstance(result, Fetched) and result.path.read_bytes() == PDF


def test_a_length_that_is_too_short_gives_a_cut_pdf_and_is_noticed(service: Service, tmp_path: Path) -> None:
    service.answers = {"A/63/PV.98": [send(PDF, length=3000)]}
    result = one(service, tmp_path)
    assert isinstance(result, FetchError) and "cut off" in str(result)
    assert not list(tmp_path.iterdir())


def test_a_web_page_instead_of_a_pdf_is_not_kept(service: Service, tmp_path: Path) -> None:
    service.answers = {"A/63/PV.98": [send(b"<!DOCTYPE html><html>Just a moment</html>", "text/html")]}
    result = one(service, tmp_path)
    assert isinstance(result, FetchError) and "a web page instead of a PDF" in str(result)
    assert not list(tmp_path.iterdir())


def test_a_service_that_never_answers_is_given_up(tmp_path: Path, service: Service) -> None:
    release = threading.Event()
    service.answers = {"A/63/PV.98": [lambda handler: release.wait(5) and None]}
    client = Client(Politeness(tries=2, first_pause=0, between=0, read_timeout=0.2))
    [result] = fetch(["A/63/PV.98"], tmp_path, client, service.url)
    release.set()
    assert isinstance(result, FetchError) and "does not answer in time" in str(result)


def test_no_network_is_said_in_words(tmp_path: Path) -> None:
    [result] = fetch(["A/63/PV.98"], tmp_path, Clock().client(), "http://127.0.0.1:9")
    assert isinstance(result, FetchError) and "cannot be reached" in str(result)


@pytest.mark.parametrize("bad", ["", "../../etc", "A", "hello world", "A/63/../../x", "a b/c\x00"])
def test_what_is_no_symbol_is_refused(bad: str) -> None:
    with pytest.raises(FetchError, match="no document symbol"):
        valid_symbol(bad)


def test_symbols_become_file_names() -> None:
    assert file_name(valid_symbol(" s/PV.8422 (Resumption 1)")) == "S_PV.8422_(Resumption_1).pdf"


def dataverse(service: Service, archive: bytes, name: str, md5: str | None = None) -> None:
    listing = {"data": {"latestVersion": {"files": [
        {"dataFile": {"id": 7, "filename": name, "md5": md5 or hashlib.md5(archive).hexdigest()}},
        {"dataFile": {"id": 8, "filename": "codebook.pdf", "md5": ""}},
    ]}}}  # fmt: skip
    service.answers["/api/datasets/:persistentId/"] = [send(json.dumps(listing).encode(), "application/json")]
    service.answers["/api/access/datafile/7"] = [send(archive, "application/gzip")]


def tarball(**members: str) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as bundle:
        for name, text in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(text)
            bundle.addfile(info, io.BytesIO(text.encode()))
    return buffer.getvalue()


def test_the_corpus_is_checked_and_unpacked_by_name_alone(service: Service, tmp_path: Path) -> None:
    archive = tarball(
        **{"TXT/Session 70/FRA_70_2015.txt": "Hello.", "../../XAA_70_2015.txt": "Out.", "readme.txt": "no"}
    )
    dataverse(service, archive, "UNGDC.tgz")
    texts = fetch_ungdc(tmp_path / "ungdc", Clock().client(), service.url)
    assert [path.name for path in texts] == ["FRA_70_2015.txt", "XAA_70_2015.txt"]
    assert all(path.parent == tmp_path / "ungdc" / "speeches" for path in texts)
    fetch_ungdc(tmp_path / "ungdc", Clock().client(), service.url)
    assert [name for name, _ in service.asked].count("/api/access/datafile/7") == 1


def test_the_corpus_may_come_as_a_zip(service: Service, tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as bundle:
        bundle.writestr("a/GHA_60_2005.txt", "Text.")
    dataverse(service, buffer.getvalue(), "UNGDC.zip")
    [text] = fetch_ungdc(tmp_path, Clock().client(), service.url)
    assert text.read_text() == "Text."


def test_a_corpus_with_the_wrong_md5_is_refused(service: Service, tmp_path: Path) -> None:
    dataverse(service, tarball(**{"FRA_70_2015.txt": "Hello."}), "UNGDC.tgz", md5="0" * 32)
    with pytest.raises(FetchError, match="damaged"):
        fetch_ungdc(tmp_path, Clock().client(), service.url)
