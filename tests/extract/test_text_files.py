"""Text, Markdown, Word, web pages and captions: what is written is what is read, whatever the encoding."""

from __future__ import annotations

import io
import zipfile

import pytest
from docx import Document
from docx.enum.text import WD_BREAK
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.extract import read
from pipeline.extract.plain import markdown_line
from pipeline.records import InputError, Transcript

ENGLISH = (
    "Mr. President, we thank the Secretary-General – and “all” delegations – for the café in Côte d’Ivoire."
)
LATIN = "Mr. President, my delegation met the people of São Tomé and of the Åland Islands in the café."


def lines_of(transcript: Transcript) -> list[str]:
    return [line.text for page in transcript.pages for line in page.lines if line.text]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"]
)
def test_encodings_are_recognised(encoding: str) -> None:
    assert lines_of(read(ENGLISH.encode(encoding), "a.txt")) == [ENGLISH]


def test_latin_1_is_read() -> None:
    assert lines_of(read(LATIN.encode("latin-1"), "a.txt")) == [LATIN]


@pytest.mark.parametrize(
    ("encoding", "text", "language"),
    [
        ("cp1251", "Господин Председатель, наша делегация благодарит Генерального секретаря за его доклад о защите населения. " * 3, "ru"),
        ("cp1256", "السيد الرئيس، يشكر وفد بلادي الأمين العام على تقريره ويؤكد أن المسؤولية تقع على عاتق كل دولة. " * 3, "ar"),
    ],
)  # fmt: skip
def test_other_eight_bit_encodings_are_read_by_their_letters(encoding: str, text: str, language: str) -> None:
    text = text.replace("،", ",") if encoding == "cp1256" else text
    assert read(text.encode(encoding, errors="ignore"), "a.txt").language == language


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_of_all_systems_are_read(end: str) -> None:
    assert lines_of(read(end.join([ENGLISH, ENGLISH]).encode(), "a.txt")) == [ENGLISH, ENGLISH]


def test_form_feeds_part_pages() -> None:
    transcript = read(f"{ENGLISH}\f{ENGLISH}\f".encode(), "a.txt")
    assert [page.number for page in transcript.pages] == [1, 2]


def test_content_counts_before_the_suffix() -> None:
    assert (
        read(b"<!DOCTYPE html><html><body><p>We thank the Chair.</p></body></html>", "a.txt").media_type
        == "html"
    )
    assert read(b"WEBVTT\n\n00:01.000 --> 00:02.000\nWe thank the Chair.\n", "a.txt").media_type == "vtt"
    assert read(b"1\n00:00:01,000 --> 00:00:02,000\nWe thank the Chair.\n", "a.txt").media_type == "srt"


def test_markdown_marks_are_taken_off() -> None:
    line = markdown_line(
        "**Norway (Ms. Example):** see [the report](https://example.org/a) and *early* warning \\* here"
    )
    assert line.text == "Norway (Ms. Example): see the report and early warning * here"
    assert [line.text[s.start : s.end] for s in line.bold] == ["Norway (Ms. Example):"]
    assert [line.text[s.start : s.end] for s in line.italic] == ["early"]
    assert markdown_line("## Chile ##").text == "Chile"
    assert markdown_line("a_name_with_lines and 2 * 3 * 4").text == "a_name_with_lines and 2 * 3 * 4"


def word_file(*paragraphs: str, header: str = "") -> bytes:
    word = Document()
    if header:
        word.sections[0].header.paragraphs[0].text = header
    for text in paragraphs:
        word.add_paragraph(text)
    buffer = io.BytesIO()
    word.save(buffer)
    return buffer.getvalue()


def test_a_word_file_gives_header_paragraphs_tables_and_bold_words() -> None:
    word = Document()
    word.sections[0].header.paragraphs[0].text = "Permanent Mission of Examplia to the United Nations"
    first = word.add_paragraph()
    first.add_run("Mr. President,").bold = True
    first.add_run(" we thank you for this meeting.")
    table = word.add_table(rows=1, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "In the first cell", "in the second cell"
    last = word.add_paragraph("We end")
    last.add_run().add_break(WD_BREAK.PAGE)
    last.add_run("on a new page.")
    buffer = io.BytesIO()
    word.save(buffer)
    transcript = read(buffer.getvalue(), "a.docx")
    assert lines_of(transcript) == [
        "Permanent Mission of Examplia to the United Nations",
        "Mr. President, we thank you for this meeting.",
        "In the first cell",
        "in the second cell",
        "We end",
        "on a new page.",
    ]
    assert len(transcript.pages) == 2
    bold = next(line for line in transcript.pages[0].lines if line.bold)
    assert bold.text[bold.bold[0].start : bold.bold[0].end] == "Mr. President,"


def test_a_word_file_with_a_reference_outside_is_read_without_opening_it() -> None:
    data = io.BytesIO(word_file("We thank the Chair for this debate."))
    out = io.BytesIO()
    with zipfile.ZipFile(data) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "word/document.xml":
                content = content.replace(
                    b"<w:document", b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><w:document', 1
                ).replace(b"We thank", b"&e;We thank")
            new.writestr(name, content)
    try:
        assert "root:" not in read(out.getvalue(), "a.docx").text
    except InputError as error:
        assert error.problem.code in ("broken_docx", "empty_file")


def test_a_word_file_that_unpacks_without_end_is_refused() -> None:
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(word_file("x"))) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, old.read(name))
        new.writestr("word/filler.xml", b" " * 90_000_000)
    with pytest.raises(InputError) as raised:
        read(out.getvalue(), "a.docx")
    assert raised.value.problem.code == "too_large"


def test_a_web_page_gives_its_main_text_without_menus_and_code() -> None:
    page = (
        "<html><head><meta charset='utf-8'><title>A statement</title><style>p{}</style></head><body><header>Site</header>"
        "<nav><ul><li>Home</li></ul></nav><script>document.write('no')</script><article><h1>Statement</h1>"
        "<p>We thank<br>the <b>Chair</b> and all&nbsp;others &amp; friends.</p><div>We end <span>here.</span></div>"
        "<img src='http://127.0.0.1:9/x.png'></article><footer>Contact</footer></body></html>"
    )
    transcript = read(page.encode(), "a.html")
    assert lines_of(transcript) == [
        "Statement",
        "We thank",
        "the Chair and all others & friends.",
        "We end here.",
    ]
    assert transcript.title == "A statement"


def test_a_web_page_says_its_encoding() -> None:
    page = "<html><head><meta charset='windows-1251'></head><body><p>Господин Председатель, мы благодарим Вас за это заседание.</p></body></html>"
    assert "Господин" in read(page.encode("cp1251"), "a.html").text


def test_external_entities_of_a_web_page_are_not_opened() -> None:
    page = "<!DOCTYPE html [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><html><body><p>We thank the Chair for this &e; debate.</p></body></html>"
    assert "root:" not in read(page.encode(), "a.html").text


def test_a_deeply_nested_page_is_read_or_refused_in_words() -> None:
    page = "<html><body>" + "<div>" * 5000 + "We thank the Chair." + "</div>" * 5000 + "</body></html>"
    try:
        assert "We thank" in read(page.encode(), "a.html").text
    except InputError as error:
        assert error.problem.code in ("broken_html", "empty_file")


@settings(max_examples=150, deadline=None)
@given(
    st.binary(max_size=400),
    st.sampled_from(["a.txt", "a.md", "a.docx", "a.vtt", "a.srt", "a.html", "a.pdf", "a"]),
)
def test_no_bytes_raise_anything_but_a_problem_in_words(data: bytes, name: str) -> None:
    try:
        transcript = read(data, name, ocr=False)
    except InputError as error:
        assert error.problem.reason
        assert error.problem.remedy
    else:
        assert transcript.text.strip()


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(["we", "thank", "the", "Chair", "for", "this", "debate,", "which", "matters."]),
        min_size=8,
        max_size=60,
    )
)
def test_every_word_of_a_text_is_in_its_lines_whatever_the_format(words: list[str]) -> None:
    text = " ".join(words)
    cue = f"WEBVTT\n\n00:01.000 --> 00:09.000\n{text}\n"
    for data, name in (
        (text.encode(), "a.txt"),
        (text.encode("utf-16"), "a.md"),
        (cue.encode(), "a.vtt"),
        (f"<html><body><p>{text}</p></body></html>".encode(), "a.html"),
    ):
        assert read(data, name).text.split() == words
