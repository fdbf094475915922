"""A PDF -> a Transcript, through one of two engines behind the same interface.

Not here: text quality and OCR (`pipeline.extract.quality`, `pipeline.extract.ocr`), which wrap this.
"""

from __future__ import annotations

import re
from types import ModuleType

from pipeline.extract.layout import arrange
from pipeline.extract.raw import broken, truncated
from pipeline.records import Transcript

ENGINES = ("pdfium", "pdfminer")

#: Adobe readers look for the end marker in the last 1024 bytes (PDF 1.7 reference, appendix H.3, note 18);
#: some mail gateways append a little more.
_TAIL = 4096
_LINEARIZED_LENGTH = re.compile(rb"/Linearized\b.{0,200}?/L\s+(\d+)", re.DOTALL)


def engine_module(name: str) -> ModuleType:
    """The engine's module. Raises `ValueError` for a name that is not in `ENGINES`."""
    if name == "pdfium":
        from pipeline.extract import pdfium

        return pdfium
    if name == "pdfminer":
        from pipeline.extract import pdfminer

        return pdfminer
    raise ValueError(f"unknown PDF engine {name!r}; there are {', '.join(ENGINES)}")


def read_pdf(
    data: bytes, document: str, sha256: str, *, engine: str = "pdfium", password: str | None = None
) -> Transcript:
    """Read a PDF's text with its layout, in reading order, furniture still in it.

    Raises `InputError` with the codes `encrypted_pdf`, `truncated_pdf` or `broken_pdf` (no PDF, damaged, no
    pages). Where PDFium cannot open the file, pdfminer.six is tried before it is given up as broken.
    """
    from pipeline.records import InputError

    if b"%PDF-" not in data[:1024]:
        raise broken(document)
    if is_truncated(data):
        raise truncated(document)
    module = engine_module(engine)
    try:
        raw_pages = module.read_pages(data, document, password)
    except InputError as error:
        if engine == "pdfium" and error.problem.code == "broken_pdf":
            module = engine_module("pdfminer")
            raw_pages = module.read_pages(data, document, password)
        else:
            raise
    return Transcript(document, sha256, "pdf", arrange(raw_pages), module.version())


def is_truncated(data: bytes) -> bool:
    """Whether the file's end is missing.

    Engines mend such a file without a word and give the text of what is left, or none.
    """
    data = data.rstrip(b"\0\r\n\t ")
    if b"%%EOF" not in data[-_TAIL:] and b"startxref" not in data[-_TAIL:]:
        return True
    stated = _LINEARIZED_LENGTH.search(data[:1024])
    # Incremental updates make a linearized file longer than it says, never shorter.
    return bool(stated and len(data) + 64 < int(stated.group(1)))
