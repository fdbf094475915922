"""The catalogue of what can be wrong with an input: a code, one sentence of reason, one of what to do.

Messages are written here once; readers only fill in the particulars.
"""

from __future__ import annotations

from typing import NamedTuple

from pipeline.records import InputError, Problem

READABLE = "PDF, .txt, .md, .docx, .vtt, .srt or .html"


class _Wording(NamedTuple):
    reason: str
    remedy: str


#: code -> what happened, what to do. Braces are filled by `problem(..., name=value)`.
CATALOGUE: dict[str, _Wording] = {
    # inputs
    "missing_path": _Wording("There is no such file or folder.", "Check the spelling of the path."),
    "vanished": _Wording(
        "It was there when the run began, and is gone.",
        "Put it back and run the same command again: only this is missing.",
    ),
    "unreadable_path": _Wording(
        "The file cannot be opened ({detail}).", "Check its permissions, or whether it was moved meanwhile."
    ),
    "empty_folder": _Wording(
        "The folder holds no file that could be a transcript.", f"Give a folder with {READABLE} files."
    ),
    "dataset_folder": _Wording(
        "The folder is a labelled dataset, not a folder of transcripts.",
        "Give the folder of the original documents instead.",
    ),
    "states_table": _Wording(
        "The folder holds a table of speakers, which is not used unless it is named.",
        "Add --states {detail} where its speakers are those of the transcripts.",
    ),
    "unsupported_type": _Wording("{detail} cannot be read.", f"Convert the file to {READABLE}."),
    "wrong_type": _Wording(
        "The file is named {suffix} but holds {detail}.",
        "Download it again, or give it the suffix of what it is.",
    ),
    "empty_file": _Wording("The file is empty (zero bytes or blanks only).", "Download or save it again."),
    "too_large": _Wording(
        "The file has {size}, over the limit of {limit}.", "Split it into smaller documents, or raise the limit."
    ),
    # archives
    "broken_archive": _Wording("The zip archive is damaged ({detail}).", "Download or pack it again."),
    "empty_archive": _Wording(
        "The zip archive holds no file that could be a transcript.", f"Pack {READABLE} files into it."
    ),
    "unsafe_zip_member": _Wording(
        "The archive's member is refused: {detail}.",
        "Pack the archive again with plain names and plain files, if you trust its source.",
    ),
    "archive_too_large": _Wording(
        "The archive's member is refused: {detail}.",
        "Unpack it yourself if you trust its source, and give the folder.",
    ),
    "nested_archive": _Wording(
        "An archive inside an archive is not opened.", "Unpack the inner archive and give its folder."
    ),
    "encrypted_member": _Wording(
        "The archive's member is protected by a password.", "Unpack it with the password and give the folder."
    ),
    # documents
    "encrypted_pdf": _Wording(
        "The PDF is protected by a password.", "Save a copy without a password and use that."
    ),
    "truncated_pdf": _Wording("The PDF ends too early: part of the file is missing.", "Download it again."),
    "broken_pdf": _Wording("The PDF cannot be opened ({detail}).", "Download it again, or print it to a new PDF."),
    "broken_docx": _Wording("The Word file cannot be opened ({detail}).", "Save it again as .docx or as PDF."),
    "broken_html": _Wording("The web page cannot be read ({detail}).", "Save its text as .txt or .docx."),
    "binary_text": _Wording(
        "The file is named as text but holds binary data.", "Save it as plain text in UTF-8, or as .docx or PDF."
    ),
    "no_text": _Wording("The document has no text, only pictures{detail}.", "{advice}"),
    "garbage_text": _Wording(
        "The document's text is not usable: its letters do not make words{detail}.", "{advice}"
    ),
    "too_many_pages": _Wording(
        "The document has {pages} pages, over the limit of {limit}.", "Split it, or raise the limit."
    ),
    # not fatal
    "page_unreadable": _Wording(
        "This page has no usable text and was left out{detail}.", "Look at the page in the original."
    ),
    "pages_by_ocr": _Wording(
        "{count} of {pages} pages were read from the picture by {engine}.",
        "Check names and figures against the original.",
    ),
    "too_many_ocr_pages": _Wording(
        "Only the first {limit} pages without text were read from the picture.",
        "Split the document, or give more time with --time-limit (four seconds a page).",
    ),
    "no_speakers": _Wording(
        "No State is named as the speaker, and no convention for who speaks was recognised: it is one speech with no State.",
        "Name the file after the State (such as FRA_79_2024.txt), or mark speakers as 'Country (Name):'.",
    ),
    "several_speakers": _Wording(
        "Several speakers seem to be in it ({detail}), and how it marks them is not known: it is one text{whose}, and its label waits for a person.",
        "Save each speech as a file of its own, named after the State, or mark speakers as 'Country (Name):'.",
    ),
    "partly_english": _Wording(
        "It is in another language with English in it ({detail} English), and only what is in English is labelled.",
        "Where the English part is the whole speech in translation, save that as a file of its own.",
    ),
    "annex_left_out": _Wording(
        "This annex has no title that names who speaks, and was left out: {detail}.",
        "Read it in the original; where it is a statement, save it as a file of its own, named after the State.",
    ),
    "state_conflict": _Wording(
        "The document speaks for {state}, but the file name says {other}.", "Check which one is right."
    ),
}  # fmt: skip


def problem(
    code: str, document: str, *, fatal: bool = True, page: int | None = None, **particulars: str | int
) -> Problem:
    """The `Problem` for `code`, its wording filled with `particulars` (`detail`, `limit`, ...)."""
    wording = CATALOGUE[code]
    filled: dict[str, str | int] = {"detail": "", **particulars}
    reason = wording.reason.format(**filled)
    return Problem(
        document, code, reason[0].upper() + reason[1:], wording.remedy.format(**filled), fatal, page
    )


def refuse(code: str, document: str, **particulars: str | int) -> InputError:
    """The error to raise for an input that cannot be read: `raise refuse("empty_file", document)`."""
    return InputError(problem(code, document, fatal=True, page=None, **particulars))


def in_words(size: float) -> str:
    """A size in bytes as people write it: `in_words(3_500_000)` is "3.3 MiB"."""
    for unit in ("bytes", "KiB", "MiB"):
        if size < 1024:
            return f"{size:.0f} {unit}" if unit == "bytes" else f"{size:.1f} {unit}"
        size /= 1024
    return f"{size:.1f} GiB"
