"""Reading order from printed lines: columns, pieces of one line joined, ligatures and blanks mended.

Pure functions of boxes and text; they know no PDF engine and no UN layout. Furniture stays in: the split
stage decides what is spoken.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from statistics import median

from pipeline.extract.raw import RawPage
from pipeline.records import Line, Page, Span

#: Presentation forms that fonts draw as one glyph (Unicode block "Alphabetic Presentation Forms").
LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
_ODD = re.compile("[ﬀ-ﬆ\u00ad\u200b\u200c\u200d\u2060\ufeff\u00a0\u2010\u2011\x00-\x08\x0b-\x1f]|\\s\\s|\t")
_SQUARE_BLANKS = re.compile(r"\s+")

#: A line counts as crossing the gutter when it begins this far left of it and ends this far right of it (points).
_CROSSES_LEFT, _CROSSES_RIGHT = 10.0, 20.0
#: Fewest lines on the right for a page to show its own gutter.
_RIGHT_LINES = 4


def arrange(raw_pages: Sequence[RawPage]) -> tuple[Page, ...]:
    """The pages with their lines in reading order: left column before right, bands between full-width lines.

    A page with too little text to show its columns takes the gutter that most pages of the document have.
    """
    gutters = [find_gutter(page.lines, page.width) for page in raw_pages]
    known = [g for g in gutters if g is not None]
    filled = sum(1 for page in raw_pages if len(page.lines) >= 8)
    usual = median(known) if known and len(known) * 2 >= filled else None
    return tuple(_arrange_page(page, gutter, usual) for page, gutter in zip(raw_pages, gutters, strict=True))


def find_gutter(lines: Sequence[Line], width: float) -> float | None:
    """The left edge of the right column in points, or None where the page has one column.

    Two columns: at least four lines start between 40% and 65% of the width at one edge, as many lines end
    left of it, and at most a fifth of the page's lines cross it.
    """
    starts: dict[int, int] = {}
    low, high, narrow = 0.40 * width, 0.65 * width, 0.1 * width
    for line in lines:
        if low < line.x0 < high and line.x1 - line.x0 > narrow:
            key = round(line.x0 / 3)
            starts[key] = starts.get(key, 0) + 1
    if sum(starts.values()) < _RIGHT_LINES:
        return None
    # Indented lines start further right, so the leftmost edge that parts the lines is the column's.
    for key in sorted(k for k in starts if starts[k] + starts.get(k + 1, 0) >= 2):
        if _parts(lines, key * 3.0):
            return key * 3.0 - 3.0
    return None


def _parts(lines: Sequence[Line], edge: float) -> bool:
    """Whether a right column beginning at `edge` parts the lines of the page in two."""
    left = right = crossing = 0
    for line in lines:
        if line.x0 >= edge - 6:
            right += 1
        elif line.x1 <= edge + 3:
            left += 1
        elif line.x0 < edge - _CROSSES_LEFT and line.x1 > edge + _CROSSES_RIGHT:
            crossing += 1
    return right >= _RIGHT_LINES and left >= right / 2 and crossing <= 0.25 * (left + right)


def _arrange_page(page: RawPage, gutter: float | None, usual: float | None) -> Page:
    lines = page.lines
    if gutter is not None and usual is not None and gutter != usual and _parts(lines, usual + 3.0):
        # A page of vote lists, all indented, shows an edge too far to the right.
        gutter = usual
    if gutter is None and usual is not None:
        crossing = sum(_crosses(line, usual) for line in lines)
        if crossing <= 0.25 * len(lines):
            gutter = usual
    if gutter is None:
        return Page(page.number, tuple(_in_order(lines)), page.width, page.height, 1)
    top: list[Line] = []
    if page.number == 1:
        top, lines = _cut_masthead(lines, gutter, page.height)
    wide = sorted((line for line in lines if _crosses(line, gutter)), key=lambda line: line.y0)
    bands = [line.y0 for line in wide]
    keyed: dict[tuple[int, int], list[Line]] = {}
    for line in lines:
        beside = next((i for i, other in enumerate(wide) if other is line or _same_line(other, line)), None)
        if beside is not None:
            # "President:" stands apart from the name and the leader that cross the gutter.
            keyed.setdefault((beside, 2), []).append(line)
            continue
        # A line belongs below every full-width line whose top is above its middle.
        middle = (line.y0 + line.y1) / 2
        band = sum(y <= middle for y in bands)
        column = 0 if (line.x0 + line.x1) / 2 < gutter or line.x0 < gutter - _CROSSES_LEFT else 1
        keyed.setdefault((band, column), []).append(line)
    ordered: list[Line] = _in_order(top)
    for key in sorted(keyed):
        ordered.extend(_in_order(keyed[key]))
    columns = 2 if any(column == 1 for _, column in keyed) else 1
    return Page(page.number, tuple(ordered), page.width, page.height, columns)


#: A masthead: at most so many lines, so many of them on the right, above a white band this high (points).
_MASTHEAD_LINES, _MASTHEAD_RIGHT, _WHITE_BAND = 18, 5, 6.0


def _cut_masthead(lines: list[Line], gutter: float, height: float) -> tuple[list[Line], list[Line]]:
    """The lines of a first page above its columns, and the rest.

    A masthead is read line by line, though it has pieces left and right: "President:  Ms. Example ..... (Exampland)".
    It ends at the lowest white band across the page in its upper half with few lines above, fewer of them on the right.
    """
    ordered = sorted(lines, key=lambda line: line.y0)
    cut = right = 0
    bottom = ordered[0].y1 if ordered else 0.0
    for index, line in enumerate(ordered):
        if index > _MASTHEAD_LINES or line.y0 > 0.5 * height:
            break
        if index and line.y0 - bottom >= _WHITE_BAND and right <= _MASTHEAD_RIGHT:
            cut = index
        right += line.x0 >= gutter
        bottom = max(bottom, line.y1)
    return ordered[:cut], ordered[cut:]


def _crosses(line: Line, gutter: float) -> bool:
    return line.x0 < gutter - _CROSSES_LEFT and line.x1 > gutter + _CROSSES_RIGHT


def _in_order(lines: Sequence[Line]) -> list[Line]:
    """Lines of one column from top to bottom, pieces of one printed line joined from left to right."""
    ordered: list[Line] = []
    for line in sorted(lines, key=lambda item: (item.y0 + item.y1, item.x0)):
        if ordered and _same_line(ordered[-1], line):
            previous = ordered.pop()
            left, right = (previous, line) if previous.x0 <= line.x0 else (line, previous)
            ordered.append(join_pieces(left, right))
        else:
            ordered.append(line)
    return [mend_characters(line) if _ODD.search(line.text) else line for line in ordered]


def _same_line(first: Line, second: Line) -> bool:
    """Pieces of one printed line: half of the lower one's height overlaps, and they stand side by side."""
    height = min(first.y1 - first.y0, second.y1 - second.y0)
    overlap = min(first.y1, second.y1) - max(first.y0, second.y0)
    if height <= 0 or overlap < 0.6 * height:
        return False
    # Boxes of lines set solid overlap a little: their middles then differ by more than a third of the size.
    if abs((first.y0 + first.y1) - (second.y0 + second.y1)) > 0.7 * height:
        return False
    return first.x1 <= second.x0 + 0.3 * height or second.x1 <= first.x0 + 0.3 * height


def join_near_pieces(lines: Sequence[Line], reach: float = 0.9) -> list[Line]:
    """Lines with pieces of one printed line joined where less than `reach` times the font size parts them.

    For engines that break justified lines and dot leaders apart; the gutter between columns is wider.
    """
    joined: list[Line] = []
    for line in sorted(lines, key=lambda item: (round(item.y1 / 4), item.x0)):
        for index in range(len(joined) - 1, max(len(joined) - 6, -1), -1):
            other = joined[index]
            gap = line.x0 - other.x1
            if _same_line(other, line) and -0.3 * line.size <= gap <= reach * max(line.size, other.size):
                joined[index] = join_pieces(other, line)
                break
        else:
            joined.append(line)
    return joined


def join_pieces(left: Line, right: Line) -> Line:
    """One line of two pieces; a blank between them where the gap is wide enough to be one."""
    size = max(left.size, right.size) or (left.y1 - left.y0)
    glue = "" if right.x0 - left.x1 < 0.15 * size else " "
    shift = len(left.text) + len(glue)
    return Line(
        left.text + glue + right.text,
        left.x0,
        min(left.y0, right.y0),
        max(left.x1, right.x1),
        max(left.y1, right.y1),
        left.size,
        left.bold + tuple(Span(a + shift, b + shift) for a, b in right.bold),
        left.italic + tuple(Span(a + shift, b + shift) for a, b in right.italic),
    )


def mend_characters(line: Line) -> Line:
    """The line with ligatures spelt out, blanks single, soft hyphens kept only (as `-`) at its end."""
    text = line.text
    if text.endswith(("\u00ad", "\u2010", "\u2011")):
        text = text[:-1] + "-"
    out: list[str] = []
    at = [0] * (len(text) + 1)
    length = 0
    blank = False
    for index, character in enumerate(text):
        at[index] = length
        if character in LIGATURES:
            character = LIGATURES[character]
        elif character in "\u00ad\u200b\u200c\u200d\u2060\ufeff":
            continue
        elif character in "\u2010\u2011":
            character = "-"
        elif character.isspace() or character < " ":
            if blank or not out:
                continue
            character = " "
        blank = character == " "
        out.append(character)
        length += len(character)
    at[len(text)] = length
    mended = "".join(out).rstrip()

    def moved(spans: tuple[Span, ...]) -> tuple[Span, ...]:
        pairs = ((at[a], min(at[min(b, len(text))], len(mended))) for a, b in spans)
        return tuple(Span(a, b) for a, b in pairs if b > a)

    return line._replace(text=mended, bold=moved(line.bold), italic=moved(line.italic))
