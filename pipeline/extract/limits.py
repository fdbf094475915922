"""How much one input may cost: sizes, pages, archive members. One place, so that the command line can change them."""

from __future__ import annotations

from dataclasses import dataclass

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Upper bounds for one input. Time and memory are held by the process that opens the document.

    Sizes are in bytes, `max_ratio` is unpacked size by packed size. The largest official verbatim record
    is below 5 MiB and 80 pages, so that the defaults leave much room.
    """

    max_bytes: int = 200 * MIB  # one document
    max_text: int = 20 * MIB  # characters of text taken from one document
    max_pages: int = 2_000
    max_ocr_pages: int = 200  # pages of one document that are recognised from the picture
    max_members: int = 20_000  # files in one archive
    max_archive_bytes: int = 8_192 * MIB  # all members of one archive, unpacked
    max_ratio: float = 200.0  # zip bombs unpack to 1,000 times their size; text to at most about 30
    ratio_from_bytes: int = 10 * MIB  # small members may be as repetitive as they like
