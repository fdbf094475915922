"""Bytes -> text: UTF-8, UTF-16, UTF-32, Windows-1252 and Latin-1, other 8-bit encodings by their letters."""

from __future__ import annotations

import codecs
import re

from pipeline.extract.problems import refuse

#: Byte order marks, the longer first (UTF-32 LE begins like UTF-16 LE).
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

#: Control characters that no text file holds (tab, line feed, form feed, return, Ctrl-Z of DOS are allowed).
_CONTROLS = re.compile(rb"[\x00-\x08\x0b\x0e-\x19\x1b-\x1f\x7f]")

#: Up to this share of bytes over 127, an 8-bit text is Western: English or French with accents and curly
#: quotation marks has at most 0.08, Russian or Arabic in an 8-bit encoding more than 0.5.
_WESTERN_SHARE = 0.25


def decode(data: bytes, document: str) -> str:
    """The text that `data` holds. Raises `InputError` with `empty_file` or `binary_text`."""
    if not data.strip(b" \t\r\n\x00\xff\xfe\xef\xbb\xbf"):
        raise refuse("empty_file", document)
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            try:
                return _clean(data.decode(encoding), document)
            except UnicodeDecodeError:
                break
    if b"\x00" in data[:4096]:
        return _clean(_utf16_without_mark(data, document), document)
    if len(_CONTROLS.findall(data[:1_000_000])) > 0.002 * min(len(data), 1_000_000):
        raise refuse("binary_text", document)
    try:
        return _clean(data.decode("utf-8"), document)
    except UnicodeDecodeError:
        return _clean(_eight_bit(data), document)


def _clean(text: str, document: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\x1a").replace("\ufeff", "")
    if text.count("\x00") > 0.002 * len(text):
        raise refuse("binary_text", document)
    if not text.strip():
        raise refuse("empty_file", document)
    return text.replace("\x00", "")


def _utf16_without_mark(data: bytes, document: str) -> str:
    """UTF-16 of Western text has a zero in every other byte; anything else with zeros is binary."""
    head = data[:4096]
    even, odd = head[0::2].count(0), head[1::2].count(0)
    half = max(1, len(head) // 2)
    if odd > 0.6 * half and even < 0.05 * half:
        encoding = "utf-16-le"
    elif even > 0.6 * half and odd < 0.05 * half:
        encoding = "utf-16-be"
    else:
        raise refuse("binary_text", document)
    try:
        return data[: len(data) // 2 * 2].decode(encoding)
    except UnicodeDecodeError:
        raise refuse("binary_text", document) from None


def _eight_bit(data: bytes) -> str:
    sample = data[:200_000]
    high = sum(byte > 127 for byte in sample)
    if high > _WESTERN_SHARE * len(sample.translate(None, b" \t\r\n")):
        from charset_normalizer import from_bytes

        best = from_bytes(data[:200_000]).best()
        if best is not None:
            return data.decode(best.encoding, errors="replace")
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:  # five bytes mean nothing in Windows-1252; Latin-1 knows every byte
        return data.decode("latin-1")
