"""Bad input: each kind is one clear sentence with the file's name and what to do, and nothing else suffers."""

from __future__ import annotations

import io
import os
import struct
import zipfile
from pathlib import Path

import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from pipeline.extract import Limits, read
from pipeline.extract.inputs import Input, find_inputs
from pipeline.records import InputError, Problem

SPEECH = (
    "Mr. President, my delegation thanks the Secretary-General for his report.\n"
    "We believe that every State has the responsibility to protect its population.\n"
)


def pdf(lines: str = SPEECH, **options: object) -> bytes:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, **options)
    for number, line in enumerate(lines.split("\n")):
        canvas.drawString(72, 720 - 16 * number, line)
    canvas.save()
    return buffer.getvalue()


def picture_pdf(words: str = "") -> bytes:
    """A page that is a picture: of words, or of nothing that reads."""
    from PIL import Image, ImageDraw, ImageFont
    from reportlab.lib.utils import ImageReader

    picture = Image.new("L", (1240, 1754), 255)
    draw = ImageDraw.Draw(picture)
    if words:
        font = ImageFont.load_default(size=34)
        for number, line in enumerate(words.split("\n")):
            draw.text((140, 150 + 56 * number), line, fill=0, font=font)
    else:
        draw.ellipse((300, 500, 900, 1100), fill=90)
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(595, 842))
    canvas.drawImage(ImageReader(picture), 0, 0, 595, 842)
    canvas.save()
    return buffer.getvalue()


def problem_of(data: bytes, name: str, **options: object) -> Problem:
    with pytest.raises(InputError) as raised:
        read(data, name, **options)  # type: ignore[arg-type]
    found = raised.value.problem
    assert found.document == name
    assert found.fatal
    for sentence in (found.reason, found.remedy):
        assert sentence[0].isupper() or sentence[0] == "."
        assert sentence.endswith((".", ").")), sentence
        assert "\n" not in sentence
    return found


def zipped(path: Path, members: dict[str, bytes], **info: object) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            entry = zipfile.ZipInfo(name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            for key, value in info.items():
                setattr(entry, key, value)
            archive.writestr(entry, data)
    return path


def found_in(*paths: Path, limits: Limits = Limits()) -> tuple[list[Input], list[Problem]]:  # noqa: B008
    found = list(find_inputs(list(paths), limits))
    return [f for f in found if isinstance(f, Input)], [f for f in found if isinstance(f, Problem)]


# -- documents -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["a.txt", "a.pdf", "a.docx", "a.vtt", "a.html"])
@pytest.mark.parametrize("data", [b"", b"   \r\n\n", b"\x00\x00"])
def test_an_empty_file_is_said_to_be_empty(name: str, data: bytes) -> None:
    assert problem_of(data, name).code == "empty_file"


def test_a_text_file_with_only_a_byte_order_mark_is_empty() -> None:
    assert problem_of(b"\xff\xfe\n\x00", "a.txt").code == "empty_file"


def test_a_truncated_pdf_is_said_to_be_truncated() -> None:
    data = pdf()
    assert problem_of(data[: len(data) // 2], "cut.pdf").code == "truncated_pdf"


def test_an_encrypted_pdf_is_said_to_be_encrypted() -> None:
    assert problem_of(pdf(encrypt=StandardEncryption("secret")), "locked.pdf").code == "encrypted_pdf"


def test_a_pdf_that_is_none_is_said_to_be_broken() -> None:
    assert problem_of(b"This is no PDF at all, only its name says so.", "odd.pdf").code == "broken_pdf"


def test_a_web_page_saved_as_pdf_is_named_as_one() -> None:
    found = problem_of(b"<!DOCTYPE html><html><body>Not found</body></html>", "record.pdf")
    assert found.code == "wrong_type"
    assert "a web page" in found.reason


def test_a_pdf_of_pictures_without_ocr_says_so_and_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("R2P_STANCE_OCR", "none")
    from pipeline.extract import ocr

    ocr.choose.cache_clear()
    found = problem_of(picture_pdf("THIS PAGE IS A PICTURE"), "scan.pdf")
    ocr.choose.cache_clear()
    assert found.code == "no_text"
    assert "pip install rapidocr-onnxruntime" in found.remedy


def test_a_pdf_of_pictures_with_ocr_switched_off_says_so() -> None:
    found = problem_of(picture_pdf("THIS PAGE IS A PICTURE"), "scan.pdf", ocr=False)
    assert found.code == "no_text"
    assert "switched off" in found.reason


def test_a_pdf_whose_fonts_give_codes_is_garbage_and_never_speech() -> None:
    codes = "\n".join("".join(f"(cid:{ord(char)})" for char in line[:40]) for line in SPEECH.split("\n") * 4)
    assert problem_of(pdf(codes), "codes.pdf", ocr=False).code == "garbage_text"


def test_a_pdf_whose_letters_are_shifted_is_garbage_and_never_speech() -> None:
    shifted = "".join(chr(ord(char) + 3) if char.isalpha() else char for char in SPEECH * 6)
    assert problem_of(pdf(shifted), "shifted.pdf", ocr=False).code == "garbage_text"


def test_one_page_of_garbage_is_left_out_and_named_by_its_number() -> None:
    buffer = io.BytesIO()
    canvas = Canvas(buffer)
    for page in (SPEECH, "".join(chr(ord(char) + 3) if char.isalpha() else char for char in SPEECH), SPEECH):
        for number, line in enumerate(page.split("\n")):
            canvas.drawString(72, 720 - 16 * number, line)
        canvas.showPage()
    canvas.save()
    transcript = read(buffer.getvalue(), "mixed.pdf", ocr=False)
    assert [(p.code, p.page, p.fatal) for p in transcript.problems] == [("page_unreadable", 2, False)]
    assert not transcript.pages[1].lines
    assert "responsibility to protect" in transcript.text


def test_binary_named_as_text_is_refused() -> None:
    assert problem_of(os.urandom(5000), "noise.txt").code == "binary_text"
    assert problem_of(struct.pack("<600I", *range(600)), "table.txt").code == "binary_text"


def test_text_that_is_no_language_is_garbage() -> None:
    shifted = "".join(chr(ord(char) + 3) if char.isalpha() else char for char in SPEECH * 6)
    assert problem_of(shifted.encode(), "odd.txt").code == "garbage_text"


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"\x89PNG\r\n\x1a\n" + b"0" * 99, "photo.txt"),
        (b"{\\rtf1 Hello}", "speech.txt"),
        (b"\xd0\xcf\x11\xe0" + b"0" * 600, "old.docx"),
        (b"PK\x03\x04" + b"0" * 100, "pack.txt"),
    ],
)
def test_a_file_that_is_something_else_is_named_as_what_it_is(data: bytes, name: str) -> None:
    assert problem_of(data, name).code == "wrong_type"


def test_a_broken_word_file_is_said_to_be_broken() -> None:
    assert problem_of(b"PK\x03\x04 word/ and no more of it", "cut.docx").code == "broken_docx"
    assert problem_of(b"Just words.", "words.docx").code == "broken_docx"


def test_too_many_pages_and_bytes_are_refused() -> None:
    assert problem_of(pdf(), "a.pdf", limits=Limits(max_pages=0)).code == "too_many_pages"
    assert problem_of(pdf(), "a.pdf", limits=Limits(max_bytes=100)).code == "too_large"
    assert problem_of(SPEECH.encode(), "a.txt", limits=Limits(max_text=50)).code == "too_large"


# -- paths -----------------------------------------------------------------------------------------------------------


def test_a_missing_path_is_named_and_the_rest_is_done(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(SPEECH)
    inputs, problems = found_in(tmp_path / "nowhere.pdf", tmp_path / "a.txt")
    assert [p.code for p in problems] == ["missing_path"]
    assert problems[0].document.endswith("nowhere.pdf")
    assert [i.document for i in inputs] == ["a.txt"]


def test_an_empty_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / ".hidden").write_text("x")
    assert [p.code for p in found_in(tmp_path)[1]] == ["empty_folder"]


def test_a_table_of_speakers_beside_the_documents_is_a_note_that_names_the_option(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Mr. President, we thank you.", encoding="utf-8")
    (tmp_path / "states.csv").write_text("iso3,name,aliases\nXQA,Exampland,\n", encoding="utf-8")
    found, problems = found_in(tmp_path)
    assert len(found) == 1 and [(p.code, p.fatal) for p in problems] == [("states_table", False)]
    assert f"--states {tmp_path / 'states.csv'}" in problems[0].remedy


def test_another_table_of_that_name_is_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "states.csv").write_text("year,number\n2009,94\n", encoding="utf-8")
    assert [p.code for p in found_in(tmp_path)[1]] == ["unsupported_type"]


def test_unsupported_types_are_named_one_by_one(tmp_path: Path) -> None:
    for name in ("a.txt", "b.doc", "c.jpg", "d.xyz", "e"):
        (tmp_path / name).write_text(SPEECH)
    inputs, problems = found_in(tmp_path)
    assert [i.document for i in inputs] == ["a.txt"]
    assert [(p.document, p.code) for p in problems] == [
        (n, "unsupported_type") for n in ("b.doc", "c.jpg", "d.xyz", "e")
    ]
    assert "old Word file" in problems[0].reason


def test_a_pdf_without_suffix_is_found_by_its_content(tmp_path: Path) -> None:
    (tmp_path / "download").write_bytes(pdf())
    inputs, problems = found_in(tmp_path)
    assert not problems
    assert "responsibility" in read(inputs[0].read_bytes(), inputs[0].document).text


def test_folders_are_walked_sorted_without_hidden_files_and_own_datasets(tmp_path: Path) -> None:
    for name in (
        "b/2.txt",
        "b/1.txt",
        "a.txt",
        ".git/x.txt",
        "results/speeches.txt",
        "b/.DS_Store",
        "Thumbs.db",
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(SPEECH)
    for name in ("manifest.json", "datapackage.json"):
        (tmp_path / "results" / name).write_text("{}")
    inputs, problems = found_in(tmp_path)
    assert [i.document for i in inputs] == ["a.txt", "b/1.txt", "b/2.txt"]
    assert not problems
    assert [p.code for p in found_in(tmp_path / "results")[1]] == ["dataset_folder"]


def test_the_same_file_is_read_once_and_equal_names_are_told_apart(tmp_path: Path) -> None:
    for name in ("x/a.txt", "y/a.txt"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text(SPEECH)
    inputs, _ = found_in(tmp_path / "x", tmp_path / "x" / "a.txt", tmp_path / "y")
    assert [i.document for i in inputs] == ["a.txt", "y/a.txt"]


def test_a_file_that_vanishes_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(SPEECH)
    inputs, _ = found_in(tmp_path)
    (tmp_path / "a.txt").unlink()
    with pytest.raises(InputError) as raised:
        inputs[0].read_bytes()
    assert raised.value.problem.code == "vanished"


# -- archives --------------------------------------------------------------------------------------------------------


def test_members_of_an_archive_are_inputs(tmp_path: Path) -> None:
    path = zipped(tmp_path / "all.zip", {"b.txt": SPEECH.encode(), "a/c.pdf": pdf(), "__MACOSX/b.txt": b"x"})
    inputs, problems = found_in(path)
    assert not problems
    assert [i.document for i in inputs] == ["all.zip!a/c.pdf", "all.zip!b.txt"]
    assert all("responsibility" in read(i.read_bytes(), i.document).text for i in inputs)


@pytest.mark.parametrize(
    "name",
    ["../out.txt", "a/../../out.txt", "/etc/out.txt", "..\\out.txt", "C:\\out.txt", "\\\\host\\out.txt"],
)
def test_member_names_that_lead_out_are_refused_and_the_rest_goes_on(tmp_path: Path, name: str) -> None:
    inputs, problems = found_in(zipped(tmp_path / "a.zip", {name: b"evil", "good.txt": SPEECH.encode()}))
    assert [p.code for p in problems] == ["unsafe_zip_member"]
    assert [i.document for i in inputs] == ["a.zip!good.txt"]
    assert not list(tmp_path.parent.glob("**/out.txt"))


def test_links_in_archives_are_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"link.txt": b"/etc/passwd"}, external_attr=0o120777 << 16)
    assert [p.code for p in found_in(path)[1]] == ["unsafe_zip_member"]


def test_a_member_of_absurd_size_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "bomb.zip", {"zeros.txt": b"\0" * 30_000_000, "good.txt": SPEECH.encode()})
    inputs, problems = found_in(path)
    assert [p.code for p in problems] == ["archive_too_large"]
    assert [i.document for i in inputs] == ["bomb.zip!good.txt"]
    assert found_in(path, limits=Limits(max_bytes=1000, max_ratio=1e9))[1][0].code == "archive_too_large"
    assert found_in(path, limits=Limits(max_members=1))[1][0].code == "archive_too_large"


def test_a_member_that_lies_about_its_size_costs_no_more_than_it_said(tmp_path: Path) -> None:
    path = zipped(tmp_path / "lie.zip", {"a.txt": b"word " * 100_000})
    data = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = data.find(mark) + offset
        data[at : at + 4] = struct.pack("<I", 1000)
    path.write_bytes(bytes(data))
    inputs, _ = found_in(path)
    with pytest.raises(InputError) as raised:
        inputs[0].read_bytes()
    assert raised.value.problem.code == "broken_archive"


def test_archives_in_archives_and_other_types_are_refused(tmp_path: Path) -> None:
    inner = zipped(tmp_path / "inner.zip", {"a.txt": b"x"}).read_bytes()
    path = zipped(tmp_path / "outer.zip", {"inner.zip": inner, "b.tar.gz": b"x", "c.exe": b"x"})
    assert [p.code for p in found_in(path)[1]] == ["nested_archive", "unsupported_type", "nested_archive"]


def test_a_protected_member_is_named(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"a.txt": b"x"})
    data = bytearray(path.read_bytes())
    data[data.find(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(bytes(data))
    assert [p.code for p in found_in(path)[1]] == ["encrypted_member"]


@pytest.mark.parametrize("data", [b"", b"PK", b"no archive", b"PK\x05\x06" + b"\xff" * 18])
def test_a_broken_archive_is_named(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.zip").write_bytes(data)
    assert found_in(tmp_path / "a.zip")[1][0].code in ("broken_archive", "empty_file")


def test_an_empty_archive_is_named(tmp_path: Path) -> None:
    assert [p.code for p in found_in(zipped(tmp_path / "a.zip", {}))[1]] == ["empty_archive"]
