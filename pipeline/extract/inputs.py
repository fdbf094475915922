"""What the user gave -> the documents to read: files, folders, members of zip archives. Opens no document."""

from __future__ import annotations

import stat
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath

from pipeline.extract.limits import Limits
from pipeline.extract.problems import in_words, problem, refuse
from pipeline.records import InputError, Problem

#: Suffixes of what can be read; a file with another suffix is looked into only for the mark of a PDF.
SUFFIXES = frozenset(
    {".pdf", ".txt", ".text", ".md", ".markdown", ".docx", ".vtt", ".srt", ".html", ".htm", ".xhtml"}
)

#: Archives other than zip, and zip itself where it stands inside an archive.
ARCHIVES = frozenset({".zip", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".7z", ".rar", ".zst"})

#: Files that systems leave in folders; they are nobody's transcripts and not worth a word.
LITTER = frozenset({"thumbs.db", "desktop.ini", "icon\r"})

#: Plain names for common types that cannot be read, for the message.
KINDS = {
    ".doc": "An old Word file (.doc)", ".rtf": "A rich-text file (.rtf)", ".odt": "An OpenDocument file (.odt)",
    ".xlsx": "A spreadsheet", ".xls": "A spreadsheet", ".csv": "A table (.csv)", ".json": "Data (.json)",
    ".jsonl": "Data (.jsonl)", ".pptx": "A slide show", ".ppt": "A slide show", ".jpg": "A picture",
    ".jpeg": "A picture", ".png": "A picture", ".tif": "A picture", ".tiff": "A picture", ".gif": "A picture",
    ".mp4": "A video", ".mp3": "A sound recording", ".epub": "An e-book",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Input:
    """One document to read. `document` is its name in the dataset: relative to what was given, `!` before a member."""

    document: str
    path: Path
    member: str | None = None
    size: int = 0

    def read_bytes(self, limits: Limits = Limits()) -> bytes:  # noqa: B008 (frozen)
        """The document's bytes. Raises `InputError` where it vanished, is damaged or is over the limit."""
        try:
            if self.member is None:
                return _read_file(self.path, self.document, limits)
            return _read_member(self.path, self.member, self.document, limits)
        except (
            OSError,
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            NotImplementedError,
            RuntimeError,
        ) as error:
            if isinstance(error, FileNotFoundError):
                raise refuse("vanished", self.document) from None
            code = "unreadable_path" if self.member is None else "broken_archive"
            raise refuse(code, self.document, detail=_cause(error)) from None


def find_inputs(paths: list[Path], limits: Limits = Limits()) -> Iterator[Input | Problem]:  # noqa: B008 (frozen)
    """Every document under `paths`, in a stable order, and a `Problem` for each thing that cannot be one.

    A folder is walked sorted by name; hidden files, links and the project's own dataset folders are left
    out. A zip archive gives its members. The same file met twice is given once; two files that would have
    the same name in the dataset get the name of the path they were given with in front.
    """
    files: set[Path] = set()
    names: set[str] = set()
    for given in paths:
        for found in _under(given, limits):
            if isinstance(found, Input):
                if found.member is None:
                    actual = found.path.resolve()
                    if actual in files:
                        continue
                    files.add(actual)
                found = _with_free_name(found, given, names)
            yield found


def _with_free_name(found: Input, given: Path, names: set[str]) -> Input:
    name = found.document
    if name in names:
        parts = [part for part in given.parent.parts if part not in (given.anchor, ".", "..")]
        if given.is_dir():
            parts = [part for part in given.parts if part not in (given.anchor, ".", "..")]
        for start in range(len(parts) - 1, -1, -1):
            name = "/".join([*parts[start:], found.document])
            if name not in names:
                break
        number = 2
        while name in names:
            name = f"{found.document} ({number})"
            number += 1
    names.add(name)
    return found if name == found.document else Input(name, found.path, found.member, found.size)


def _under(given: Path, limits: Limits) -> Iterator[Input | Problem]:
    try:
        if given.is_dir():
            yield from _in_folder(given, limits)
        elif given.exists():
            yield from _in_file(given, given.name, limits)
        else:
            yield problem("missing_path", str(given))
    except OSError as error:
        yield problem("unreadable_path", str(given), detail=_cause(error))


def _is_dataset(folder: Path) -> bool:
    return (folder / "manifest.json").is_file() and (folder / "datapackage.json").is_file()


def _in_folder(folder: Path, limits: Limits) -> Iterator[Input | Problem]:
    if _is_dataset(folder):
        yield problem("dataset_folder", str(folder))
        return
    some = False
    for path in _walk(folder):
        if _is_states_table(path):
            yield problem("states_table", path.relative_to(folder).as_posix(), fatal=False, detail=str(path))
            continue
        for found in _in_file(path, path.relative_to(folder).as_posix(), limits):
            some = True
            yield found
    if not some:
        yield problem("empty_folder", str(folder))


def _walk(folder: Path) -> Iterator[Path]:
    """The visible files under `folder`, sorted by name at each level; links to folders are not followed."""
    try:
        entries = sorted(folder.iterdir(), key=lambda entry: entry.name)
    except OSError:
        yield folder  # named as a problem by whoever asks for its size
        return
    for entry in entries:
        if _is_litter(entry.name):
            continue
        if entry.is_dir():
            if not entry.is_symlink() and not _is_dataset(entry):
                yield from _walk(entry)
        elif entry.is_file() or (entry.is_symlink() and not entry.exists()):
            yield entry


def _is_states_table(path: Path) -> bool:
    """Whether a file is a table for `--states`: states.csv, with the columns that it must have."""
    if path.name.lower() != "states.csv":
        return False
    try:
        with path.open(encoding="utf-8-sig") as file:
            columns = {name.strip().strip('"') for name in file.readline(1024).split(",")}
    except (OSError, UnicodeDecodeError):
        return False  # named as what cannot be read, with the other files
    return {"iso3", "name"} <= columns


def _is_litter(name: str) -> bool:
    return name.startswith((".", "~$")) or name.lower() in LITTER or name == "__MACOSX"


def _in_file(path: Path, document: str, limits: Limits) -> Iterator[Input | Problem]:
    suffix = path.suffix.lower()
    if path.is_dir():
        yield problem("unreadable_path", document, detail="the folder may not be listed")
        return
    if suffix == ".zip":
        yield from _in_archive(path, document, limits)
        return
    try:
        size = path.stat().st_size
        if suffix not in SUFFIXES and not _looks_readable(path):
            yield problem("unsupported_type", document, detail=_kind(suffix))
            return
    except OSError as error:
        yield problem("unreadable_path", document, detail=_cause(error))
        return
    if size > limits.max_bytes:
        yield problem("too_large", document, size=in_words(size), limit=in_words(limits.max_bytes))
    else:
        yield Input(document, path, None, size)


def _looks_readable(path: Path) -> bool:
    with path.open("rb") as file:
        return b"%PDF-" in file.read(1024)


def _kind(suffix: str) -> str:
    return KINDS.get(suffix) or (f"A file of type {suffix}" if suffix else "A file without a type")


def _in_archive(path: Path, document: str, limits: Limits) -> Iterator[Input | Problem]:
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except OSError as error:
        yield problem("unreadable_path", document, detail=_cause(error))
        return
    except Exception as error:  # zipfile raises many kinds on damaged directories
        empty = path.stat().st_size == 0
        code = "empty_file" if empty else "broken_archive"
        yield problem(code, document, detail=_cause(error))
        return
    if len(members) > limits.max_members:
        detail = f"the archive has {len(members)} files, over the limit of {limits.max_members}"
        yield problem("archive_too_large", document, detail=detail)
        return
    total = 0
    some = False
    seen: set[str] = set()
    for member in sorted(members, key=lambda info: info.filename):
        parts = member.filename.replace("\\", "/").split("/")
        if member.filename.endswith("/") or any(
            _is_litter(part) for part in parts if part not in (".", "..")
        ):
            continue
        some = True
        name = f"{document}!{member.filename}"
        refusal = _refuse_member(member, name, limits, seen)
        seen.add(member.filename)
        if refusal is None:
            total += member.file_size
            if total > limits.max_archive_bytes:
                detail = f"the archive unpacks to more than {in_words(limits.max_archive_bytes)}"
                yield problem("archive_too_large", name, detail=detail)
                return
            yield Input(name, path, member.filename, member.file_size)
        else:
            yield refusal
    if not some:
        yield problem("empty_archive", document)


def _refuse_member(member: zipfile.ZipInfo, name: str, limits: Limits, seen: set[str]) -> Problem | None:
    original = getattr(member, "orig_filename", member.filename)
    windows = PureWindowsPath(original)
    suffix = PurePosixPath(member.filename).suffix.lower()
    if ".." in PurePosixPath(original).parts or ".." in windows.parts:
        return problem("unsafe_zip_member", name, detail="its name leads out of the archive (../)")
    if original.startswith(("/", "\\")) or windows.drive:
        return problem("unsafe_zip_member", name, detail="its name is an absolute path")
    if not member.filename.strip() or any(ord(char) < 32 for char in original):
        return problem("unsafe_zip_member", name, detail="its name is empty or holds control characters")
    if stat.S_ISLNK(member.external_attr >> 16):
        return problem("unsafe_zip_member", name, detail="it is a link, not a file")
    if member.filename in seen:
        return problem("unsafe_zip_member", name, detail="another member has the same name")
    if member.flag_bits & 1:
        return problem("encrypted_member", name)
    if suffix in ARCHIVES:
        return problem("nested_archive", name)
    if suffix not in SUFFIXES:
        return problem("unsupported_type", name, detail=_kind(suffix))
    if member.file_size > limits.max_bytes:
        detail = f"it unpacks to {in_words(member.file_size)}, over the limit of {in_words(limits.max_bytes)}"
        return problem("archive_too_large", name, detail=detail)
    ratio = member.file_size / max(1, member.compress_size)
    if member.file_size > limits.ratio_from_bytes and ratio > limits.max_ratio:
        detail = f"it unpacks to {ratio:,.0f} times its packed size"
        return problem("archive_too_large", name, detail=detail)
    return None


def _read_file(path: Path, document: str, limits: Limits) -> bytes:
    with path.open("rb") as file:
        data = file.read(limits.max_bytes + 1)
    if len(data) > limits.max_bytes:
        raise refuse(
            "too_large",
            document,
            size=f"more than {in_words(limits.max_bytes)}",
            limit=in_words(limits.max_bytes),
        )
    return data


def _read_member(path: Path, member: str, document: str, limits: Limits) -> bytes:
    with zipfile.ZipFile(path) as archive, archive.open(member) as file:
        data = file.read(limits.max_bytes + 1)
    if len(data) > limits.max_bytes:
        raise refuse(
            "archive_too_large", document, detail=f"it unpacks to more than {in_words(limits.max_bytes)}"
        )
    return data


def _cause(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error).rstrip(".") or type(error).__name__


__all__ = ["ARCHIVES", "SUFFIXES", "Input", "InputError", "find_inputs"]
