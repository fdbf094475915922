"""What a PDF engine hands to the layout stage: printed lines with boxes and fonts, in the engine's own order.

Engines (`pdfium`, `pdfminer`) yield `RawPage`s; `layout` makes reading order from them. Not here: columns, furniture.
"""

from __future__ import annotations

from typing import NamedTuple, Protocol

from pipeline.records import InputError, Line, Problem


class RawPage(NamedTuple):
    """One page as an engine gives it: size in points, lines in the engine's order, rotation already undone."""

    number: int
    width: float
    height: float
    lines: list[Line]


class Engine(Protocol):
    """Both engines are modules with this function and a `version()`."""

    def read_pages(self, data: bytes, document: str, password: str | None = None) -> list[RawPage]: ...

    def version(self) -> str: ...


def encrypted(document: str) -> InputError:
    return InputError(
        Problem(
            document,
            "encrypted_pdf",
            "This PDF is locked with a password.",
            "Save a copy without the password and try again.",
        )
    )


def broken(document: str) -> InputError:
    return InputError(
        Problem(
            document,
            "broken_pdf",
            "This file is no readable PDF: its inner structure is damaged or it has no pages.",
            "Download it again, or open it in a PDF viewer and print it to a new PDF.",
        )
    )


def truncated(document: str) -> InputError:
    return InputError(
        Problem(
            document,
            "truncated_pdf",
            "This PDF is cut off: its end is missing.",
            "Download it again; the last part did not arrive.",
        )
    )


def face(font_name: str, weight: int = 400, flags: int = 0) -> tuple[bool, bool]:
    """Whether a font is bold and whether it is italic, from its PostScript name, weight and PDF flags.

    Flag bit 7 (64) is Italic and bit 19 (262144) ForceBold (ISO 32000-1, table 123). Names tell more than
    flags: Word and InDesign embed `TimesNewRomanPS-BoldMT`, `Times-BoldItalic`, `ABCDEE+Cambria,Bold`.
    """
    name = font_name.rsplit("+", 1)[-1].lower()
    bold = weight >= 600 or "bold" in name or "black" in name or "heavy" in name or bool(flags & 262144)
    italic = bool(flags & 64) or "italic" in name or "oblique" in name
    return bold, italic
