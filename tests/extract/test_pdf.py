"""Reading PDFs: columns, fonts, the visible page, and files that are broken."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.extract.layout import arrange, find_gutter, mend_characters
from pipeline.extract.pdf import ENGINES, read_pdf
from pipeline.extract.raw import RawPage, face
from pipeline.records import InputError, Line, Span, Transcript

canvas = pytest.importorskip("reportlab.pdfgen.canvas")
Draw = Callable[[object], None]


def make_pdf(*pages: Draw, encrypt: str | None = None) -> bytes:
    out = io.BytesIO()
    page = canvas.Canvas(out, pagesize=(612, 792), encrypt=encrypt)
    for draw in pages:
        page.setFont("Times-Roman", 10)
        draw(page)
        page.showPage()
    page.save()
    return out.getvalue()


def read(data: bytes, engine: str = "pdfium") -> Transcript:
    return read_pdf(data, "made.pdf", "0" * 64, engine=engine)


def texts(data: bytes, engine: str = "pdfium") -> list[list[str]]:
    return [[line.text for line in page.lines] for page in read(data, engine).pages]


def two_columns(page: object) -> None:
    page.drawString(60, 740, "A heading that runs over the full width of the page, above both of the columns")
    # Drawn row by row, as some programs do: the file's order is not the reading order.
    for row in range(12):
        page.drawString(60, 700 - 12 * row, f"left line {row} of the first column of text")
        page.drawString(312, 700 - 12 * row, f"right line {row} of the second column of it")


@pytest.mark.parametrize("engine", ENGINES)
def test_left_column_is_read_before_right_whatever_the_order_in_the_file(engine: str) -> None:
    lines = texts(make_pdf(two_columns), engine)[0]
    assert lines[0].startswith("A heading")
    assert [line.split(" ")[0] for line in lines[1:]] == ["left"] * 12 + ["right"] * 12
    assert read(make_pdf(two_columns), engine).pages[0].columns == 2


@pytest.mark.parametrize("engine", ENGINES)
def test_a_page_with_little_text_takes_the_columns_of_the_others(engine: str) -> None:
    def short(page: object) -> None:
        for row in range(2):
            page.drawString(60, 700 - 12 * row, f"left {row} near the end of it all here")
        page.drawString(312, 700, "right 0 is the end")

    lines = texts(make_pdf(two_columns, two_columns, short), engine)[2]
    assert [line.split(" ")[0] for line in lines] == ["left", "left", "right"]


@pytest.mark.parametrize("engine", ENGINES)
def test_a_masthead_above_two_columns_is_read_line_by_line(engine: str) -> None:
    def draw(page: object) -> None:
        page.drawString(60, 740, "Assembly of Samples")
        page.drawString(480, 740, "X/1/PV.1")
        page.drawString(60, 720, "President: Ms. Example . . . . .")
        page.drawString(480, 720, "(Exampland)")
        for row in range(20):
            page.drawString(60, 690 - 12 * row, f"left line {row} of the first column of text")
            page.drawString(312, 690 - 12 * row, f"right line {row} of the second column of it")

    lines = texts(make_pdf(draw), engine)[0]
    assert lines[:2] == ["Assembly of Samples X/1/PV.1", "President: Ms. Example . . . . . (Exampland)"]
    assert [line.split(" ")[0] for line in lines[2:]] == ["left"] * 20 + ["right"] * 20


@pytest.mark.parametrize("engine", ENGINES)
def test_bold_and_italic_are_spans_of_the_line(engine: str) -> None:
    def draw(page: object) -> None:
        text = page.beginText(60, 700)
        for font, words in (
            ("Times-Bold", "Ms. Example"),
            ("Times-Roman", " (Exampland) ("),
            ("Times-Italic", "spoke in French"),
        ):
            text.setFont(font, 10)
            text.textOut(words)
        text.setFont("Times-Roman", 10)
        text.textOut("): We agree")
        page.drawText(text)

    line = read(make_pdf(draw), engine).pages[0].lines[0]
    assert line.text == "Ms. Example (Exampland) (spoke in French): We agree"
    assert [line.text[a:b] for a, b in line.bold] == ["Ms. Example"]
    assert line.text[line.italic[0].start :].startswith("spoke in French")
    assert 9 <= line.size <= 12


def test_characters_outside_the_visible_page_are_dropped() -> None:
    def draw(page: object) -> None:
        page.drawString(100, 700, "seen and read")
        page.drawString(2, 650, "hidden strip")
        page.setCropBox((60, 0, 612, 792))

    for engine in ENGINES:
        assert texts(make_pdf(draw), engine)[0] == ["seen and read"], engine


def test_turned_pages_give_upright_coordinates() -> None:
    def draw(page: object) -> None:
        page.setPageRotation(90)  # reportlab turns the MediaBox too
        page.rotate(90)
        page.drawString(72, -72, "first line")
        page.drawString(72, -172, "second line")

    page = read(make_pdf(draw)).pages[0]
    assert (page.width, page.height) == (612, 792)
    assert [line.text for line in page.lines] == ["first line", "second line"]


@pytest.mark.parametrize("engine", ENGINES)
def test_an_encrypted_pdf_is_said_to_be_so(engine: str) -> None:
    with pytest.raises(InputError) as caught:
        read(make_pdf(two_columns, encrypt="secret"), engine)
    assert caught.value.problem.code == "encrypted_pdf"


@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
@pytest.mark.parametrize("engine", ENGINES)
def test_a_truncated_pdf_is_said_to_be_so(engine: str, share: float) -> None:
    data = make_pdf(*[two_columns] * 20)
    with pytest.raises(InputError) as caught:
        read(data[: int(len(data) * share)], engine)
    assert caught.value.problem.code == "truncated_pdf"


@pytest.mark.parametrize(
    "data",
    [b"", b"no pdf at all", b"%PDF-1.4\n%%EOF", b"%PDF-1.4\n" + b"x" * 500 + b"\nstartxref\n0\n%%EOF\n"],
)
@pytest.mark.parametrize("engine", ENGINES)
def test_what_is_no_pdf_or_has_no_pages_is_broken(engine: str, data: bytes) -> None:
    with pytest.raises(InputError) as caught:
        read(data, engine)
    assert caught.value.problem.code == "broken_pdf"


def test_ligatures_are_spelt_out_and_blanks_are_single() -> None:
    line = Line("of\ufb01ce  and\u00a0re\u00adform\u00ad", bold=(Span(0, 5),))
    mended = mend_characters(line)
    assert mended.text == "office and reform-"
    assert [mended.text[a:b] for a, b in mended.bold] == ["office"]


def test_pieces_of_a_justified_line_are_joined() -> None:
    def piece(text: str, x0: float, x1: float, y0: float = 100.0) -> Line:
        return Line(text, x0, y0, x1, y0 + 11, 10.0)

    page = RawPage(
        1, 612, 792, [piece("apart", 200, 225), piece("far", 160, 180), piece("words", 120, 145, 100.4)]
    )
    assert [line.text for line in arrange([page])[0].lines] == ["words far apart"]


def test_one_column_has_no_gutter() -> None:
    lines = [Line("x", 120, 12.0 * i, 488, 12.0 * i + 10, 10) for i in range(40)]
    assert find_gutter(lines, 612) is None


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("BCDGEE+TimesNewRomanPS-BoldMT", (True, False)),
        ("TimesNewRoman,BoldItalic", (True, True)),
        ("Courier-Oblique", (False, True)),
        ("Times-Roman", (False, False)),
    ],
)
def test_a_font_s_name_tells_its_face(name: str, expected: tuple[bool, bool]) -> None:
    assert face(name) == expected


@pytest.mark.shared
@pytest.mark.parametrize("engine", ENGINES)
def test_both_engines_give_the_same_words_in_the_same_order(engine: str, shared_data: Path) -> None:
    data = (shared_data / "records" / "ga_64_pv_document_121.pdf").read_bytes()
    words = [
        [w for page in read(data, e).pages for line in page.lines for w in line.text.split()] for e in ENGINES
    ]
    body = [[w for w in found if len(w) > 3 and w.isalpha()] for found in words]
    assert body[0] == body[1]
