"""Official documents by symbol, and the UN General Debate Corpus, from their public services: politely and traceably.

One request a second at most, an agent that says who asks, growing pauses, nothing fetched twice. Every file is checked,
written beside and renamed, and noted in `fetched.json` with its address, time and SHA-256. Not here: reading the files.

The services: documents.un.org/api/symbol/access (the Official Document System's access by symbol) and the Dataverse
access API of Harvard Dataverse (guides.dataverse.org, "Native API" and "Data Access API").
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
import tarfile
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline import __version__

if TYPE_CHECKING:
    import requests

DOCUMENT_SERVICE = "https://documents.un.org/api/symbol/access"
DATAVERSE = "https://dataverse.harvard.edu"
UNGDC_DOI = "10.7910/DVN/0TJX8Y"
AGENT = f"r2p-stance/{__version__} (research on UN debates; one request a second)"

#: Symbols as the UN forms them (UN Editorial Manual, "Document symbols"): organ, parts of letters, digits, dots, brackets.
_SYMBOL = re.compile(r"[A-Z]{1,5}(?:/[A-Za-z0-9.\-()\[\] ]{1,40}){1,8}")

_TEXT_NAME = re.compile(r"[A-Z]{2,3}_\d{1,2}_(?:19|20)\d\d\.txt")

_CHUNK = 1 << 16


class FetchError(Exception):
    """A document that could not be fetched; the text names it, the reason and the next step."""

    for_users = True


@dataclass(frozen=True)
class Politeness:
    """How the client asks. Seconds, except `tries` and `largest` (bytes)."""

    between: float = 1.0
    tries: int = 5
    first_pause: float = 2.0
    longest_pause: float = 300.0
    connect_timeout: float = 15.0
    read_timeout: float = 60.0
    total_timeout: float = 600.0
    largest: int = 200 << 20


@dataclass(frozen=True)
class Fetched:
    """A document that lies in the folder now."""

    name: str
    path: Path
    sha256: str
    new: bool


@dataclass
class Client:
    """An HTTP client that keeps its pace over all requests. `tell` takes a sentence before each pause after a failure; `sleep` and `clock` are there for tests."""

    politeness: Politeness = field(default_factory=Politeness)
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    tell: Callable[[str], None] | None = None
    _session: requests.Session | None = None
    _last: float | None = None

    def get(
        self, url: str, params: dict[str, str], target: Path, check: Callable[[Path], str | None]
    ) -> tuple[str, str]:
        """Downloads to `target` (written beside, then renamed); gives the final address and the SHA-256.

        `check` looks at the finished file and says in words what is wrong with it, or None. Answers 429 and 5xx, broken
        connections and files that fail the check are tried again after growing pauses (Retry-After is obeyed). Raises FetchError.
        """
        import requests

        session = self._session = self._session or requests.Session()
        session.headers["User-Agent"] = AGENT
        pause, reason = self.politeness.first_pause, ""
        for attempt in range(1, self.politeness.tries + 1):
            self._keep_pace()
            try:
                return self._once(session, url, params, target, check)
            except _Retry as retry:
                reason, wait = retry.reason, retry.after
            except requests.exceptions.SSLError as error:
                raise FetchError(
                    f"the connection is not safe ({error}). Check the clock and the certificates."
                ) from error
            except (requests.exceptions.RequestException, OSError) as error:
                if isinstance(error, OSError) and error.errno == 28:
                    raise FetchError("the disk is full. Make room and run the same command again.") from error
                reason, wait = _words(error), None
            if attempt < self.politeness.tries:
                rest = min(self.politeness.longest_pause, pause if wait is None else max(wait, 0))
                if self.tell:
                    self.tell(
                        f"{target.name}: {reason}. Trying again in {rest:.0f} s ({attempt} of {self.politeness.tries} tries failed)."
                    )
                self.sleep(rest)
                pause *= 2
        raise FetchError(
            f"{reason} ({self.politeness.tries} tries). Run the same command again later: it goes on from here."
        )

    def _keep_pace(self) -> None:
        if self._last is not None:
            wait = self._last + self.politeness.between - self.clock()
            if wait > 0:
                self.sleep(wait)
        self._last = self.clock()

    def _once(
        self,
        session: requests.Session,
        url: str,
        params: dict[str, str],
        target: Path,
        check: Callable[[Path], str | None],
    ) -> tuple[str, str]:
        limits = self.politeness
        deadline = self.clock() + limits.total_timeout
        timeouts = (limits.connect_timeout, limits.read_timeout)
        beside = target.with_name(target.name + ".part")
        with session.get(url, params=params, stream=True, timeout=timeouts, allow_redirects=True) as answer:
            if answer.status_code == 404:
                raise FetchError(
                    "the service has no such document. Check the symbol, or whether there is an English version."
                )
            if answer.status_code == 429 or answer.status_code >= 500:
                raise _Retry(
                    f"the service answers {answer.status_code}",
                    _retry_after(answer.headers.get("Retry-After")),
                )
            if answer.status_code != 200:
                raise FetchError(
                    f"the service refuses with status {answer.status_code}. Check the symbol, or try again later."
                )
            if url.startswith("https:") and not answer.url.startswith("https:"):
                raise FetchError(
                    "the service sends the request on to an address that is not safe (no https)."
                )
            digest, size = hashlib.sha256(), 0
            with beside.open("wb") as file:
                for chunk in answer.iter_content(_CHUNK):
                    size += len(chunk)
                    if size > limits.largest:
                        raise FetchError(f"the file is larger than {limits.largest >> 20} MB.")
                    if self.clock() > deadline:
                        raise _Retry("the download takes too long", None)
                    digest.update(chunk)
                    file.write(chunk)
        if wrong := check(beside):
            beside.unlink()
            raise _Retry(wrong, None)
        beside.replace(target)
        return answer.url, digest.hexdigest()


class _Retry(Exception):
    def __init__(self, reason: str, after: float | None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.after = after


def _words(error: Exception) -> str:
    name = type(error).__name__
    if "Timeout" in name:
        return "the service does not answer in time"
    if "ChunkedEncoding" in name or "IncompleteRead" in str(error):
        return "the connection broke off midway"
    return "the service cannot be reached (is there a network connection?)"


def _retry_after(value: str | None) -> float | None:
    """Seconds from a Retry-After header: a number or an HTTP date (RFC 9110, 10.2.3)."""
    if not value:
        return None
    with contextlib.suppress(ValueError):
        return float(value)
    with contextlib.suppress(ValueError, TypeError):
        return (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds()
    return None


def check_pdf(path: Path) -> str | None:
    """What is wrong with a file that should be a whole PDF, in words; None when nothing is."""
    with path.open("rb") as file:
        head = file.read(1024)
        size = file.seek(0, 2)
        file.seek(max(0, size - 2048))
        tail = file.read()
    if b"%PDF-" not in head:
        kind = "a web page" if b"<html" in head.lower() or b"<!doctype" in head.lower() else "something else"
        return f"the service sends {kind} instead of a PDF"
    return None if b"%%EOF" in tail else "the PDF that came is cut off"


def valid_symbol(symbol: str) -> str:
    """The symbol with blanks and case put right. Raises FetchError for what cannot be one."""
    clean = re.sub(r"\s*/\s*", "/", symbol.strip())
    clean = clean if "/" not in clean else clean.split("/", 1)[0].upper() + "/" + clean.split("/", 1)[1]
    if not _SYMBOL.fullmatch(clean) or ".." in clean:
        raise FetchError(f"{symbol!r} is no document symbol. Symbols look like A/63/PV.98 or S/PV.8422.")
    return clean


def file_name(symbol: str) -> str:
    """The name under which a document is kept: `A/63/PV.98` -> `A_63_PV.98.pdf`."""
    return re.sub(r"[^A-Za-z0-9.()-]", "_", symbol) + ".pdf"


def fetch(
    symbols: list[str], folder: Path, client: Client | None = None, service: str = DOCUMENT_SERVICE
) -> Iterator[Fetched | FetchError]:
    """Brings documents into `folder`, in order; what is there already and sound is used as it is.

    Yields one `Fetched` or one `FetchError` a symbol: a document that fails does not stop the others.
    """
    client = client or Client()
    folder.mkdir(parents=True, exist_ok=True)
    for symbol in symbols:
        try:
            clean = valid_symbol(symbol)
            yield _fetch_one(clean, folder, client, service)
        except FetchError as error:
            yield FetchError(f"{symbol}: {error}")


def _fetch_one(symbol: str, folder: Path, client: Client, service: str) -> Fetched:
    target = folder / file_name(symbol)
    note = _notes(folder).get(target.name)
    if target.is_file() and check_pdf(target) is None:
        sha256 = _sha256(target)
        if note is None or note["sha256"] == sha256:
            return Fetched(symbol, target, sha256, new=False)
    url, sha256 = client.get(service, {"s": symbol, "l": "en", "t": "pdf"}, target, check_pdf)
    _note(folder, target, {"symbol": symbol, "url": url, "sha256": sha256, "bytes": target.stat().st_size})
    return Fetched(symbol, target, sha256, new=True)


def fetch_ungdc(folder: Path, client: Client | None = None, service: str = DATAVERSE) -> list[Path]:
    """Brings the UN General Debate Corpus (CC0) from its DOI and unpacks its speeches as `ISO_NN_YYYY.txt`.

    Every archive is checked against the MD5 that the Dataverse publishes. Raises FetchError.
    """
    client = client or Client()
    folder.mkdir(parents=True, exist_ok=True)
    listing = folder / "dataverse.json"
    client.get(
        f"{service}/api/datasets/:persistentId/",
        {"persistentId": f"doi:{UNGDC_DOI}"},
        listing,
        _check_listing,
    )
    texts: list[Path] = []
    for file in _archives(listing):
        target = folder / file["name"]
        if not (target.is_file() and _md5(target) == file["md5"]):

            def check(path: Path, wanted: str = file["md5"]) -> str | None:
                return (
                    None if not wanted or _md5(path) == wanted else "the archive that came is damaged (MD5)"
                )

            url, sha256 = client.get(f"{service}/api/access/datafile/{file['id']}", {}, target, check)
            _note(
                folder,
                target,
                {"doi": UNGDC_DOI, "url": url, "sha256": sha256, "bytes": target.stat().st_size},
            )
        texts += _unpack_speeches(target, folder / "speeches")
    if not texts:
        raise FetchError(
            f"no speeches (ISO_NN_YYYY.txt) are in the files of doi:{UNGDC_DOI}. Download the corpus by hand from its page."
        )
    return sorted(set(texts))


def _check_listing(path: Path) -> str | None:
    try:
        _archives(path)
    except (ValueError, KeyError, TypeError):
        return "the Dataverse sends no list of files"
    return None


def _archives(listing: Path) -> list[dict[str, str]]:
    """The archives of the data set: id, name, MD5 (Dataverse native API: data.latestVersion.files[].dataFile)."""
    files = json.loads(listing.read_text(encoding="utf-8"))["data"]["latestVersion"]["files"]
    found = []
    for entry in files:
        data: dict[str, Any] = entry["dataFile"]
        name = Path(str(data["filename"])).name
        if name.lower().endswith((".zip", ".tar", ".tgz", ".tar.gz")):
            found.append({"id": str(int(data["id"])), "name": name, "md5": str(data.get("md5", ""))})
    return found


def _unpack_speeches(archive: Path, folder: Path, largest: int = 4 << 20) -> list[Path]:
    """Takes the speeches out of an archive: by file name alone, so that no path in it can reach outside the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    try:
        for member, read in _members(archive):
            name = member.replace("\\", "/").rsplit("/", 1)[-1]
            if not _TEXT_NAME.fullmatch(name):
                continue
            data = read(largest + 1)
            if len(data) > largest:
                raise FetchError(f"{archive.name}: {name} is larger than a speech can be.")
            target = folder / name
            beside = target.with_name(name + ".part")
            beside.write_bytes(data)
            beside.replace(target)
            written.append(target)
    except (tarfile.TarError, zipfile.BadZipFile, EOFError) as error:
        raise FetchError(
            f"{archive.name}: the archive is damaged ({error}). Delete it and run the command again."
        ) from error
    return written


def _members(archive: Path) -> Iterator[tuple[str, Callable[[int], bytes]]]:
    if zipfile.is_zipfile(archive):
        with zipfile.ZipFile(archive) as bundle:
            for info in bundle.infolist():
                if not info.is_dir():
                    with bundle.open(info) as file:
                        yield info.filename, file.read
    else:
        with tarfile.open(archive) as bundle:
            for member in bundle:
                content = bundle.extractfile(member) if member.isfile() else None
                if content:
                    yield member.name, content.read


def _notes(folder: Path) -> dict[str, dict[str, Any]]:
    try:
        notes = json.loads((folder / "fetched.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return notes if isinstance(notes, dict) else {}


def _note(folder: Path, target: Path, facts: dict[str, Any]) -> None:
    notes = {
        **_notes(folder),
        target.name: {**facts, "fetched_at": datetime.now(UTC).isoformat(timespec="seconds")},
    }
    beside = folder / "fetched.json.part"
    beside.write_text(json.dumps(notes, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    beside.replace(folder / "fetched.json")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _md5(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
