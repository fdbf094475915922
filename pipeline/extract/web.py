"""Saved web pages (.html) -> lines. Nothing is fetched, no entity outside the file is opened, no script is run."""

from __future__ import annotations

import re
from typing import Any

from pipeline.extract.problems import refuse
from pipeline.records import Line, Page, Span

#: What is not the page's own text: code, menus, forms.
_DROPPED = frozenset({
    "script", "style", "noscript", "template", "svg", "math", "iframe", "object", "embed", "canvas", "audio", "video",
    "nav", "form", "button", "select", "input", "textarea", "dialog", "menu", "head",
})  # fmt: skip

#: ARIA roles and the class or id names of menus, banners and the like.
_DROPPED_ROLES = frozenset(
    {"navigation", "banner", "search", "contentinfo", "menu", "menubar", "complementary"}
)

_BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dir", "div", "dl", "dt",
    "fieldset", "figcaption", "figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "li",
    "main", "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
})  # fmt: skip
_BOLD = frozenset({"b", "strong", "h1", "h2", "h3", "h4", "h5", "h6", "dt", "th"})
_ITALIC = frozenset({"i", "em", "cite"})


def looks_like_html(text: str) -> bool:
    """True where the text begins as a web page does."""
    head = text[:2000].lstrip().lower()
    head = re.sub(r"^(?:<\?xml[^>]*>|<!--.*?-->|\s)+", "", head, flags=re.DOTALL)
    return head.startswith(("<!doctype html", "<html", "<head", "<body"))


def declared_encoding(data: bytes) -> str | None:
    """The encoding that the page's `meta` element or XML declaration names."""
    found = re.search(rb"(?:charset|encoding)\s*=\s*[\"']?\s*([A-Za-z0-9_\-]+)", data[:2048])
    return found[1].decode("ascii") if found else None


def read_html(text: str, document: str) -> tuple[tuple[Page, ...], str | None]:
    """One page of lines (an empty line between blocks) and the title. Raises `InputError`.

    Where the page marks its main part (`main`, `article`, `role="main"`) and that holds most of the words,
    the rest is left out.
    """
    from lxml import html
    from lxml.etree import LxmlError, ParserError

    parser = html.HTMLParser(no_network=True, remove_comments=True, remove_pis=True, huge_tree=False)
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", text)
    try:
        root = html.document_fromstring(text, parser=parser)
    except (LxmlError, ParserError, ValueError, AssertionError) as error:
        raise refuse("broken_html", document, detail=str(error) or type(error).__name__) from None
    heading = root.find(".//title")
    title = " ".join((heading.text or "").split()) or None if heading is not None else None
    whole = _Lines()
    whole.read(root)
    best = whole.finish()
    for mark in ("//main", "//*[@role='main']", "//article"):
        parts: Any = root.xpath(mark)
        if len(parts) == 1:
            inner = _Lines()
            inner.read(parts[0])
            lines = inner.finish()
            if _letters(lines) >= 0.5 * _letters(best):
                best = lines
                break
    return (Page(1, tuple(best)),), title


def _letters(lines: list[Line]) -> int:
    return sum(len(line.text) for line in lines)


class _Lines:
    """Walks elements and gathers the lines they print; keeps its own stack, because pages nest deeply."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.text = ""
        self.bold: list[Span] = []
        self.italic: list[Span] = []

    def read(self, root: Any) -> None:
        stack: list[tuple[Any, bool, bool, bool]] = [(root, False, False, False)]
        while stack:
            node, bold, italic, leaving = stack.pop()
            tag = node.tag if isinstance(node.tag, str) else ""
            if leaving:
                if tag in _BLOCKS:
                    self.end_block()
                if node is not root:
                    parent_bold, parent_italic = bold, italic
                    self.add(node.tail or "", parent_bold, parent_italic)
                continue
            stack.append((node, bold, italic, True))
            if not tag or (node is not root and _dropped(node, tag)):
                continue
            if tag in _BLOCKS:
                self.end_block()
            if tag == "br":
                self.end_line()
            inner_bold, inner_italic = bold or tag in _BOLD, italic or tag in _ITALIC
            self.add(node.text or "", inner_bold, inner_italic)
            stack.extend((child, inner_bold, inner_italic, False) for child in reversed(node))

    def add(self, text: str, bold: bool, italic: bool) -> None:
        text = re.sub(r"[\s\xa0]+", " ", text)
        if not self.text or self.text.endswith(" "):
            text = text.lstrip(" ")
        if not text:
            return
        start, end = len(self.text), len(self.text) + len(text)
        self.text += text
        if bold:
            self.bold.append(Span(start, end))
        if italic:
            self.italic.append(Span(start, end))

    def end_line(self) -> None:
        text = self.text.rstrip()
        if text:
            size = len(text)
            cut = [
                [Span(s.start, min(s.end, size)) for s in spans if s.start < size]
                for spans in (self.bold, self.italic)
            ]
            self.lines.append(Line(text, bold=tuple(cut[0]), italic=tuple(cut[1])))
        self.text, self.bold, self.italic = "", [], []

    def end_block(self) -> None:
        self.end_line()
        if self.lines and self.lines[-1].text:
            self.lines.append(Line(""))

    def finish(self) -> list[Line]:
        self.end_block()
        return self.lines


def _dropped(node: Any, tag: str) -> bool:
    if tag in _DROPPED or node.get("hidden") is not None or node.get("aria-hidden") == "true":
        return True
    return (node.get("role") or "") in _DROPPED_ROLES
