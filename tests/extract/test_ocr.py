"""Scans are read by what `pip install` brings; what OCR gives has order, paragraphs and blanks."""

from __future__ import annotations

import io
from collections import Counter
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from pipeline.extract import ocr, read
from pipeline.extract.blanks import join_torn, part_words
from pipeline.split import split
from pipeline.split.states import States

LINES = [
    "Mr. President, we thank the Secretary-General for his report on prevention.",
    "Our Government believes that every State has the responsibility to protect",
    "its population, and that the international community must help it to do so.",
    "",
    "The Council should act early, and those who hold the veto should use it with",
    "restraint when mass atrocity crimes are committed.",
]


def scan(lines: list[str], size: int = 30) -> bytes:
    """A PDF page that is nothing but a picture of the lines, as an office scanner makes it."""
    picture = Image.new("L", (1240, 1754), 250)
    draw = ImageDraw.Draw(picture)
    font = ImageFont.load_default(size=size)
    for number, line in enumerate(lines):
        draw.text((90, 120 + int(1.6 * size) * number), line, fill=10, font=font)
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(595, 842))
    canvas.drawImage(ImageReader(picture), 0, 0, 595, 842)
    canvas.save()
    return buffer.getvalue()


def use(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv("R2P_STANCE_OCR", name)
    ocr.choose.cache_clear()
    if ocr.choose() is None:
        pytest.skip(f"{name} is not installed")


@pytest.fixture(autouse=True)
def _choose_anew() -> object:
    yield
    ocr.choose.cache_clear()


@pytest.mark.parametrize("engine", ["rapidocr", "tesseract"])
def test_a_scanned_page_is_read_in_order(monkeypatch: pytest.MonkeyPatch, engine: str) -> None:
    use(monkeypatch, engine)
    transcript = read(scan(LINES), "NOR_72_2017.pdf")
    assert transcript.pages[0].ocr
    assert engine in transcript.extractor
    assert [p.code for p in transcript.problems] == ["pages_by_ocr"]
    text = split(transcript, States.load()).speeches[0].text
    expected = " ".join(LINES).split()
    found = Counter(text.split()) & Counter(expected)
    assert sum(found.values()) >= 0.95 * len(expected)
    assert text.index("Secretary") < text.index("population") < text.index("restraint")


def test_a_picture_without_words_has_no_usable_text(monkeypatch: pytest.MonkeyPatch) -> None:
    from pipeline.records import InputError

    use(monkeypatch, "rapidocr")
    with pytest.raises(InputError) as raised:
        read(scan([]), "photo.pdf")
    assert raised.value.problem.code == "no_text"


def test_a_page_number_over_a_scan_does_not_hide_that_it_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, "rapidocr")
    picture = Image.new("L", (1240, 1754), 250)
    ImageDraw.Draw(picture).text((90, 300), LINES[0], fill=10, font=ImageFont.load_default(size=30))
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(595, 842))
    canvas.drawImage(ImageReader(picture), 0, 0, 595, 842)
    canvas.drawString(280, 30, "Page 1 of 1")
    canvas.save()
    assert "Secretary-General" in read(buffer.getvalue(), "scan.pdf").text


def test_an_engine_that_fails_leaves_the_page_out(monkeypatch: pytest.MonkeyPatch) -> None:
    from pipeline.records import InputError

    class Failing:
        name, dpi = "failing 1", 100

        def read(self, picture: object, dpi: float) -> tuple[object, ...]:
            raise ocr.OcrError("out of ink")

    monkeypatch.setattr(ocr, "choose", Failing)
    monkeypatch.setattr(Failing, "cache_clear", staticmethod(lambda: None), raising=False)
    with pytest.raises(InputError) as raised:
        read(scan(LINES), "scan.pdf")
    assert raised.value.problem.code == "no_text"
    monkeypatch.undo()


@pytest.mark.parametrize(
    ("glued", "parted"),
    [
        ("Ourattentionremainsfocused", "Our attention remains focused"),
        ("therewasno other way", "there was no other way"),
        ("humanitariansituation", "humanitarian situation"),
        ("UnitedNationsCharterprinciples", "United Nations Charter principles"),
    ],
)
def test_glued_words_are_parted(glued: str, parted: str) -> None:
    assert part_words(glued) == parted


@pytest.mark.parametrize(
    "word",
    [
        "responsibility",
        "Guterres",
        "Katonivere",
        "Rwamucyo",
        "multilateralism",
        "nonetheless",
        "Xanadu",
        "McGregor",
    ],
)
def test_words_and_names_are_left_alone(word: str) -> None:
    assert part_words(word) == word


def test_torn_words_are_joined() -> None:
    assert join_torn("from t he early hours of a day I knew") == "from the early hours of a day I knew"


@pytest.mark.shared
@pytest.mark.parametrize(("name", "page"), [("RWA_79_2024", 2), ("CHE_79_2024", 3)])
def test_one_real_page_of_drawn_letters_and_one_of_unmapped_fonts_is_read(
    shared_data: Path, monkeypatch: pytest.MonkeyPatch, name: str, page: int
) -> None:
    import re

    import pypdfium2

    use(monkeypatch, "rapidocr")
    path = shared_data / "pdf" / f"{name}.pdf"
    engine = ocr.choose()
    assert engine is not None
    picture, dpi = ocr.draw(pypdfium2.PdfDocument(path)[page - 1], engine.dpi)
    found = re.findall(r"[a-z]{4,}", " ".join(line.text for line in engine.read(picture, dpi)).lower())
    reference = set(re.findall(r"[a-z]{4,}", path.with_suffix(".txt").read_text(encoding="utf-8").lower()))
    assert len(found) > 80
    assert sum(word in reference for word in found) >= 0.93 * len(found)
