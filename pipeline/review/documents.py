"""The source documents behind the speeches: found where they were labelled from, known by their hash, with the page of a sentence."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pipeline.dataset import PRIVATE, Dataset, stored_rows
from pipeline.records import InputError
from pipeline.tables import Row

if TYPE_CHECKING:
    from pipeline.extract.inputs import Input

#: Largest document that the page hands out.
MAX_BYTES = 200 << 20


class Document(NamedTuple):
    """A document to show: its bytes and the type to serve them as (only PDF and plain text are shown, the rest is saved)."""

    data: bytes
    media_type: str
    shown: bool


class Documents:
    """Finds the documents of a dataset: in `folders`, then where `label` read them, then beside the dataset."""

    def __init__(self, dataset: Dataset, folders: Sequence[Path] = ()) -> None:
        self._dataset = dataset
        self._folders = list(folders)
        self._lock = threading.Lock()
        self._found: dict[str, list[Input]] | None = None
        self._keys = {entry["document"]: entry.get("key") for entry in dataset.manifest.get("inputs", [])}
        self._stored = lru_cache(maxsize=4)(lambda key: stored_rows(dataset.path, key, "speeches"))

    def _places(self) -> list[Path]:
        from pipeline.run import INPUTS_FILE

        try:
            known = json.loads((self._dataset.path / PRIVATE / INPUTS_FILE).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            known = []
        places = [*self._folders, *(Path(str(name)) for name in known if isinstance(name, str))]
        return [place for place in places if place.exists()]

    def _inputs(self, document: str) -> list[Input]:
        from pipeline.extract.inputs import Input, find_inputs

        with self._lock:
            if self._found is None:
                self._found = {}
                for place in self._places():
                    for found in find_inputs([place]):
                        if isinstance(found, Input):
                            self._found.setdefault(found.document, []).append(found)
            return self._found.get(document, [])

    def is_there(self, row: Row) -> bool:
        """True where a file of the document's name is at hand (its hash is looked at when it is opened)."""
        return bool(self._inputs(row["document"]))

    def open(self, row: Row) -> Document | None:
        """The document of a speech; None where it is not at hand or its bytes are not those that were labelled."""
        from pipeline.extract.limits import Limits

        for found in self._inputs(row["document"]):
            try:
                data = found.read_bytes(Limits(max_bytes=MAX_BYTES))
            except (InputError, OSError):
                continue
            if hashlib.sha256(data).hexdigest() == row["document_sha256"]:
                return _document(data)
        return None

    def page(self, row: Row, offset: int | None) -> int | None:
        """The page on which a code point of the speech is printed; its first page where the run's stored rows are gone."""
        first: int | None = row["page_start"]
        key = self._keys.get(row["document"])
        if offset is None or not key:
            return first
        for speech in self._stored(key):
            if speech.get("speech_no") == row["speech_no"] and speech.get("text") == row["text"]:
                for start, number in speech.get("_page_marks", []):
                    if start > offset:
                        break
                    first = number
        return first


def _document(data: bytes) -> Document:
    if data[:1024].lstrip().startswith(b"%PDF-"):
        return Document(data, "application/pdf", True)
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return Document(data, "application/octet-stream", False)
    return Document(data, "text/plain; charset=utf-8", True)
