"""The tracker's pictures: matplotlib draws them, each with its table and its text equivalent.

Stances are told apart by colour (safe for colour-blind readers and in grey), by pattern and by letter. A position that rests on
one speech that nobody reviewed is paler, dashed, and has a question mark. Not here: where pictures stand in the page.
"""

from __future__ import annotations

import csv
import io
import re
import textwrap
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.records import NOT_ADDRESSED
from pipeline.report.headlines import ORDER, Headlines, matrix, two_debates
from pipeline.report.positions import Position
from pipeline.report.takes import Collection
from pipeline.report.topics import Topic
from pipeline.resources import table
from pipeline.split.states import REGIONS
from pipeline.tables import guard_cell

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: label -> (letter, fill, paler fill, words on it, pattern, colour of the pattern)
LOOKS: dict[str, tuple[str, str, str, str, str, str]] = {
    "supportive": ("S", "#0b63a5", "#a9cdea", "#ffffff", "", "#ffffff"),
    "conditional": ("C", "#f2c14e", "#fae6b5", "#1a1a1a", "////", "#c08a12"),
    "opposed": ("O", "#8c1c13", "#e3aaa5", "#ffffff", "xxxx", "#b8564e"),
    NOT_ADDRESSED: ("–", "#9a9a9a", "#d4d4d4", "#1a1a1a", "", "#ffffff"),
}
#: Tiles of States outside the map are so many times as wide: their codes tell nobody anything, so they carry names.
_WIDE = 3
#: Inches: pictures of which two stand side by side.
_HALF = 6.6
#: Stands for the page's own ink while drawing; the page puts `currentColor` in its place, so that dark mode works.
_INK = "#123457"
_PAPER_INK = "#1a1a1a"


@dataclass(frozen=True)
class Picture:
    """A picture: `name` for files, what it shows in words (`text`), the table behind it, and how to draw it."""

    name: str
    title: str
    text: str
    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]
    draw: Callable[[str], Figure]

    def svg(self) -> str:
        """The picture as an SVG element for a page, in the page's ink; the same input gives the same bytes."""
        text = _saved(self.draw, _INK, self.name, "svg").decode("utf-8")
        text = text[text.index("<svg") :]
        text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
        # Ids are made unique in the page: matplotlib counts from 1 in each picture.
        text = re.sub(r'\bid="', f'id="{self.name}-', text)
        text = re.sub(r'(href="#|url\(#)', rf"\g<1>{self.name}-", text)
        text = re.sub(r'<svg [^>]*?(viewBox="[^"]*")[^>]*>', _element(self), text, count=1)
        text = re.sub(r"(\d+\.\d{2})\d+", r"\1", text)
        return re.sub(r"\n\s*", "\n", text.replace(_INK, "currentColor"))

    def write(self, folder: Path) -> list[Path]:
        """`name.svg`, `name.png` and `name.csv` in a folder."""
        folder.mkdir(parents=True, exist_ok=True)
        paths = [folder / f"{self.name}.{kind}" for kind in ("svg", "png", "csv")]
        paths[0].write_bytes(_saved(self.draw, _PAPER_INK, self.name, "svg", self.title))
        paths[1].write_bytes(_saved(self.draw, _PAPER_INK, self.name, "png", self.title))
        with paths[2].open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(self.columns)
            writer.writerows(
                [guard_cell(c) if isinstance(c, str) else "" if c is None else c for c in row]
                for row in self.rows
            )
        return paths


def _element(picture: Picture) -> Callable[[re.Match[str]], str]:
    from html import escape

    def opened(match: re.Match[str]) -> str:
        width, height = (float(n) for n in match[1].split('"')[1].split()[2:])
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" {match[1]} role="img" '
            f'aria-label="{escape(picture.title, quote=True)}" style="max-width:{width * 1.35:.0f}px;aspect-ratio:{width:.0f}/{height:.0f}">'
        )

    return opened


def _saved(draw: Callable[[str], Figure], ink: str, name: str, kind: str, title: str | None = None) -> bytes:
    import matplotlib

    out = io.BytesIO()
    settings: Any = {
        "svg.hashsalt": f"r2p-stance {name}",
        "svg.fonttype": "none",
        "hatch.linewidth": 0.6,
        "font.family": "DejaVu Sans",
    }
    with matplotlib.rc_context(settings):
        figure = draw(ink)
        box: dict[str, Any] = {}
        if title:  # a file of its own has no page around it to say what it shows
            figure.suptitle(title, y=1.01, va="bottom", fontsize=11, color=ink)
            box = {"bbox_inches": "tight", "pad_inches": 0.12}
        if kind == "svg":
            figure.savefig(
                out, format="svg", transparent=True, metadata={"Date": None, "Creator": None}, **box
            )
        else:
            figure.savefig(
                out, format="png", dpi=150, facecolor="#ffffff", metadata={"Software": None}, **box
            )
    return out.getvalue()


def pictures(
    found: Collection,
    scopes: Sequence[Headlines],
    latest: Mapping[str, Position],
    objections: Sequence[Topic] = (),
) -> list[Picture]:
    """All pictures that the data allow, in the page's order."""
    years = [scope for scope in scopes if scope.kind == "year"]
    result = [by_year(years)]
    if any(year.shares[ORDER[0]].of for year in years):
        result.append(support(years))
    result += [tile_map(found, latest), by_region(found, latest)]
    if forums := [scope for scope in scopes if scope.kind == "forum"]:
        result.append(by_forum(forums))
    if pair := two_debates(scopes):
        result.append(shifts(found, *pair))
    if objections:
        result.append(misconceptions(objections))
    return result


# -- the pictures ----------------------------------------------------------------------------------------------


def by_year(years: Sequence[Headlines]) -> Picture:
    """Stacked bars: States by stance in each year; those heard only through others in a panel of their own.

    A year in which one State spoke for a group of many would else look like a year of growing support.
    """
    every = range(int(years[0].title), int(years[-1].title) + 1)
    by_title = {int(y.title): y for y in years}
    own = {
        y: [p for p in by_title[y].positions.values() if p.basis == "own"] if y in by_title else []
        for y in every
    }
    through = {
        y: [p for p in by_title[y].positions.values() if p.basis != "own"] if y in by_title else []
        for y in every
    }
    rows: list[tuple[Any, ...]] = []
    for year in every:
        counts, others = Counter(p.label for p in own[year]), Counter(p.label for p in through[year])
        rows.append(
            (
                year,
                *(counts[x] for x in (*ORDER, NOT_ADDRESSED)),
                *(others[x] for x in ORDER),
                _uncertain(own[year]),
            )
        )
    panels = [("in their own words", own)]
    if any(through.values()):
        panels.append(("only through others", through))

    def draw(ink: str) -> Figure:
        figure, axes = _canvas(ink, 9, 3.9 if len(panels) == 1 else 5.2)
        places = [axes]
        if len(panels) > 1:
            axes.set_position((0.08, 0.47, 0.905, 0.5))
            below = figure.add_axes((0.08, 0.16, 0.905, 0.25))
            _dress(below, ink)
            places.append(below)
        width = 0.8 if len(every) > 3 else 0.45
        for place, (name, parts) in zip(places, panels, strict=True):
            top = max((sum(p.label in ORDER for p in part) for part in parts.values()), default=1) or 1
            for x, year in enumerate(every):
                _stack(
                    place, x, width, parts[year], upright=True, least=top * (0.055 if place is axes else 0.14)
                )
            place.set_xlim(-0.7, len(every) - 0.3)
            place.set_ylim(0, top * 1.06)
            place.set_ylabel(f"States\n{name}", color=ink, fontsize=8.5)
            place.locator_params(axis="y", integer=True, nbins=6 if place is axes else 3)
            place.set_xticks(range(len(every)), [])
        places[-1].set_xticks(
            range(len(every)), [str(y) for y in every], rotation=0 if len(every) < 14 else 60
        )
        _legend(figure, ink)
        return figure

    first, last = rows[0], rows[-1]
    text = (
        "States that spoke themselves. "
        + _said(last)
        + (f" In {first[0]}: {_counts(first)}." if len(rows) > 1 else "")
    )
    if len(panels) > 1:
        text += " States for which only a group or another State spoke are counted apart: one such speech moves many at once."
    return Picture(
        "stance-by-year", "Stance by year", text,
        ("year", *ORDER, "no position taken", *(f"{x}, only through others" for x in ORDER), "own, resting on one unreviewed speech"),
        rows, draw,
    )  # fmt: skip


def support(years: Sequence[Headlines]) -> Picture:
    """The supportive share of each year with its interval: whether support is growing, as far as the labels can tell."""
    shown = [y for y in years if y.shares[ORDER[0]].of]
    rows: list[tuple[Any, ...]] = []
    for year in shown:
        cells: list[Any] = [int(year.title), year.shares[ORDER[0]].of]
        for label in ORDER:
            share = year.shares[label]
            cells += [round(100 * share.share, 1), round(100 * share.low, 1), round(100 * share.high, 1)]
        rows.append(tuple(cells))

    def draw(ink: str) -> Figure:
        figure, axes = _canvas(ink, 9, 3.0, bottom=0.62)
        at = [row[0] for row in rows]
        share = [row[2] for row in rows]
        axes.vlines(
            at,
            [row[3] for row in rows],
            [row[4] for row in rows],
            color=LOOKS[ORDER[0]][1],
            linewidth=5,
            alpha=0.45,
        )
        axes.plot(
            at, share, "o", color=LOOKS[ORDER[0]][1], markersize=6, markeredgecolor=ink, markeredgewidth=0.6
        )
        axes.set_ylim(0, 104)
        axes.set_yticks([0, 25, 50, 75, 100], ["0", "25 %", "50 %", "75 %", "100 %"])
        axes.set_xticks(at, [f"{row[0]}\nof {row[1]}" for row in rows], fontsize=7 if len(at) > 12 else 8.5)
        axes.set_xlim(min(at) - 0.7, max(at) + 0.7)
        axes.set_ylabel("supportive", color=ink, fontsize=8.5)
        axes.grid(axis="y", color="#8a8a8a", alpha=0.3, linewidth=0.6)
        return figure

    text = "; ".join(f"{row[0]}: {row[2]:.0f} % ({row[3]:.0f} to {row[4]:.0f}) of {row[1]}" for row in rows)
    return Picture(
        "support", "Supportive share by year, with 95 % intervals",
        f"{text}. Other States speak in other years: a change may be one of speakers. Who changed its mind is under the shifts.",
        ("year", "States with a stance", *(f"{x} {what}" for x in ORDER for what in ("%", "low %", "high %"))), rows, draw,
    )  # fmt: skip


def _said(row: Sequence[Any]) -> str:
    return f"In {row[0]}: {_counts(row)}."


def _counts(row: Sequence[Any]) -> str:
    return f"{row[1]} supportive, {row[2]} conditional, {row[3]} opposed, {row[4]} without a position"


def by_forum(forums: Sequence[Headlines]) -> Picture:
    """Shares by forum, each State by its latest position there."""
    parts = [(scope.title, list(scope.positions.values())) for scope in forums]
    return _bars("stance-by-forum", "Stance by forum", "forum", parts)


def by_region(found: Collection, latest: Mapping[str, Position]) -> Picture:
    """Shares by UN regional group, each State by its latest position."""
    parts = []
    for region in (*REGIONS, "no group"):
        mine = [p for state, p in latest.items() if found.region(state) == region]
        if mine:
            parts.append((region, mine))
    return _bars("stance-by-group", "Latest stance by UN regional group", "group", parts)


def _bars(name: str, title: str, what: str, parts: Sequence[tuple[str, list[Position]]]) -> Picture:
    rows: list[tuple[Any, ...]] = []
    for label, positions in parts:
        counts = Counter(p.label for p in positions)
        rows.append((label, *(counts[x] for x in (*ORDER, NOT_ADDRESSED)), _uncertain(positions)))

    def draw(ink: str) -> Figure:
        figure, axes = _canvas(ink, _HALF, 1.2 + 0.5 * len(parts))
        figure.subplots_adjust(left=0.3, right=0.96)
        for y, (_, positions) in enumerate(parts):
            _stack(axes, y, 0.66, positions, upright=False)
        axes.set_yticks(
            range(len(parts)), [f"{label} ({sum(row[1:4])})" for (label, _), row in zip(parts, rows, strict=True)]
        )  # fmt: skip
        axes.invert_yaxis()
        axes.set_xlim(0, 1)
        axes.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0", "25 %", "50 %", "75 %", "100 %"])
        _legend(figure, ink)
        return figure

    text = "; ".join(f"{row[0]}: {_counts(row)}" for row in rows) + "."
    return Picture(
        name, title, text, (what, *ORDER, "no position taken", "resting on one unreviewed speech"), rows, draw
    )


@dataclass(frozen=True, slots=True)
class Tile:
    """A State's place on the map of equal areas; columns and rows count from 1, rows from the north."""

    iso3: str
    column: int
    row: int


def tiles() -> list[Tile]:
    """The map's layout: one tile for each Member State (corpus/tables/tiles.csv)."""
    with table("tiles.csv").open(encoding="utf-8", newline="") as file:
        return [Tile(r["iso3"], int(r["column"]), int(r["row"])) for r in csv.DictReader(file)]


def tile_map(found: Collection, latest: Mapping[str, Position]) -> Picture:
    """All Member States as tiles of one size by latest stance; States outside the United Nations in a row of their own."""
    layout = tiles()
    outside = sorted(state for state in latest if state not in {tile.iso3 for tile in layout})
    members = [tile.iso3 for tile in layout if tile.iso3 in latest]
    shown = sorted((*members, *outside), key=found.name)
    rows = [
        (found.name(s), s, latest[s].label.replace("_", " "), latest[s].take.year, latest[s].grounds) for s in shown
    ]  # fmt: skip
    width, height = max(tile.column for tile in layout), max(tile.row for tile in layout)
    places = [(tile.iso3, tile.column, tile.row) for tile in layout]
    if not members:
        places, height = [], -1  # nobody on the map was heard: only the States in their own rows
    across = width // _WIDE
    aside = [(state, 1 + i % across * _WIDE, height + 2 + i // across) for i, state in enumerate(outside)]
    beyond = frozenset(outside)
    lines = height + (1 + (len(outside) + across - 1) // across + 0.3 if outside else 0)

    def draw(ink: str) -> Figure:
        from matplotlib.patches import Rectangle

        figure, axes = _canvas(ink, 9, 9 * (lines + 1.6) / (width + 0.4))
        figure.subplots_adjust(left=0.01, right=0.99, top=0.995, bottom=0.9 / (lines + 1.6))
        axes.set_axis_off()
        axes.set_xlim(0.9, width + 1.1)
        axes.set_ylim(lines + 1.1, 0.9)
        for state, column, row in (*places, *aside):
            position = latest.get(state)
            wide = _WIDE if state in beyond else 1
            name = _cut(found.name(state)) if state in beyond else state
            if position is None:
                tile = Rectangle(
                    (column + 0.04, row + 0.04),
                    0.92,
                    0.92,
                    facecolor="none",
                    edgecolor="#8a8a8a",
                    linewidth=0.5,
                )
                axes.add_patch(tile)
                axes.text(column + 0.5, row + 0.5, state, ha="center", va="center", fontsize=5.5, color=ink)
                continue
            letter, fill, pale, on, hatch, edge = LOOKS[position.label]
            unsure = position.uncertain and position.label in ORDER
            tile = Rectangle(
                (column + 0.04, row + 0.04), wide - 0.08, 0.92, facecolor=pale if unsure else fill, hatch=hatch, edgecolor=edge, linewidth=0,
            )  # fmt: skip
            axes.add_patch(tile)
            rim = Rectangle(
                (column + 0.05, row + 0.05), wide - 0.1, 0.9, fill=False, edgecolor=fill, linewidth=1.0,
                linestyle=(0, (2, 1.5)) if unsure else "solid",
            )  # fmt: skip
            rim.set_gid(f"tile-{state}")
            axes.add_patch(rim)
            colour = "#1a1a1a" if unsure else on
            box = {"facecolor": pale if unsure else fill, "edgecolor": "none", "pad": 0.6}
            axes.text(
                column + wide / 2,
                row + 0.33,
                name,
                ha="center",
                va="center",
                fontsize=5.8,
                color=colour,
                bbox=box,
            )
            mark = letter + ("?" if unsure else "")
            axes.text(
                column + wide / 2,
                row + 0.71,
                mark,
                ha="center",
                va="center",
                fontsize=6.6,
                color=colour,
                weight="bold",
                bbox=box,
            )
        if outside:
            axes.text(
                1.05,
                height + 1.75,
                "Outside the United Nations, and observers",
                fontsize=7.5,
                color=ink,
                va="center",
            )
        _legend(figure, ink, silent=True)
        return figure

    counts = Counter(latest[s].label for s in members)
    others = Counter(latest[s].label for s in outside)
    apart = ", ".join(f"{others[x]} {x}" for x in ORDER) + f", {others[NOT_ADDRESSED]} without a position"
    text = (
        f"Of {len(layout)} Member States, {counts['supportive']} were last supportive, {counts['conditional']} conditional, "
        f"{counts['opposed']} opposed, {counts[NOT_ADDRESSED]} took no position, {len(layout) - len(members)} were not heard."
        if members
        else "No Member State of the United Nations was heard."
    ) + (
        f" In rows of their own, {len(outside)} outside the United Nations and observers: {apart}."
        if outside
        else ""
    )
    return Picture(
        "map", "Latest stance of each State", text,
        ("State", "code", "latest stance", "year", "rests on"), rows, draw,
    )  # fmt: skip


def _cut(name: str) -> str:
    return name if len(name) <= 15 else name[:14].rstrip() + "…"


def shifts(found: Collection, before: Headlines, after: Headlines) -> Picture:
    """Who moved where between two debates: a table of shaded cells."""
    cells = matrix(before, after)
    labels = (*ORDER, "absent")
    names = {"absent": "not heard"}
    rows = [
        (names.get(a, a), names.get(b, b), len(states), ", ".join(map(found.name, states)))
        for (a, b), states in cells.items()
        if states
    ]

    def draw(ink: str) -> Figure:
        from matplotlib.patches import Rectangle

        figure, axes = _canvas(ink, _HALF, 4.2)
        figure.subplots_adjust(left=0.16, right=0.98, top=0.84, bottom=0.03)
        top = max((len(s) for pair, s in cells.items() if "absent" not in pair), default=1) or 1
        for (a, b), states in cells.items():
            x, y = labels.index(b), labels.index(a)
            seen = "absent" not in (a, b)
            depth = min(len(states) / top, 1.0) if states else 0.0
            fill = (
                _blend(LOOKS[b][2], LOOKS[b][1], depth)
                if seen and states
                else "#d9d9d9"
                if states
                else "none"
            )
            cell = Rectangle(
                (x + 0.02, y + 0.03),
                0.96,
                0.94,
                facecolor=fill,
                edgecolor="#8a8a8a",
                linewidth=1.6 if a == b else 0.6,
            )
            axes.add_patch(cell)
            if states:
                colour = (LOOKS[b][3] if depth > 0.75 else "#1a1a1a") if seen else "#1a1a1a"
                lines = textwrap.wrap(", ".join(map(found.name, states)), 25)
                listed = "\n".join(lines[:3]) + (" …" if len(lines) > 3 else "")
                axes.text(
                    x + 0.5,
                    y + 0.3,
                    str(len(states)),
                    ha="center",
                    va="center",
                    fontsize=13,
                    color=colour,
                    weight="bold",
                )
                axes.text(x + 0.5, y + 0.68, listed, ha="center", va="center", fontsize=6.5, color=colour)
        axes.set_xlim(0, 4)
        axes.set_ylim(4, 0)
        axes.xaxis.tick_top()
        shown = [f"{names.get(x, x)}" + (f" ({LOOKS[x][0]})" if x in LOOKS else "") for x in labels]
        axes.set_xticks([0.5, 1.5, 2.5, 3.5], shown)
        axes.set_yticks([0.5, 1.5, 2.5, 3.5], shown)
        axes.set_title(f"columns: {after.name}; rows: {before.name}", fontsize=7.5, color=ink, pad=8)
        for spine in axes.spines.values():
            spine.set_visible(False)
        axes.tick_params(length=0)
        return figure

    moved = [row for row in rows if "not heard" not in row[:2] and row[0] != row[1]]
    kept = sum(row[2] for row in rows if row[0] == row[1])
    text = f"From {before.name} to {after.name}: {kept} States kept their stance" + "".join(
        f"; {row[2]} went from {row[0]} to {row[1]} ({row[3]})" for row in moved
    )
    return Picture(
        "shifts", f"Shifts from {before.name} to {after.name}", text + ".",
        (f"in {before.name}", f"in {after.name}", "States", "which"), rows, draw,
    )  # fmt: skip


def misconceptions(objections: Sequence[Topic]) -> Picture:
    """Objections by the number of States that raise them."""
    rows: list[tuple[Any, ...]] = [
        (t.theme.title, len(t.states), *(len(t.by_stance[x]) for x in (*ORDER, NOT_ADDRESSED)), len(t.takes)) for t in objections
    ]  # fmt: skip

    def draw(ink: str) -> Figure:
        figure, axes = _canvas(ink, _HALF, 0.7 + 0.34 * len(rows), bottom=0.5)
        figure.subplots_adjust(left=0.42)
        axes.set_xlim(0, max((row[1] for row in rows), default=1) * 1.08)
        left = [0] * len(rows)
        for column, label in enumerate((*ORDER, NOT_ADDRESSED), 2):
            letter, fill, _, on, hatch, edge = LOOKS[label]
            sizes = [int(row[column]) for row in rows]
            axes.barh(
                range(len(rows)),
                sizes,
                left=left,
                color=fill,
                hatch=hatch,
                edgecolor=edge,
                linewidth=0,
                height=0.62,
            )
            for y, size in enumerate(sizes):
                if size:
                    box = {"facecolor": fill, "edgecolor": "none", "pad": 0.4}
                    axes.text(
                        left[y] + size / 2,
                        y,
                        letter,
                        ha="center",
                        va="center",
                        fontsize=7,
                        color=on,
                        bbox=box,
                    )
            left = [a + b for a, b in zip(left, sizes, strict=True)]
        for y, row in enumerate(rows):
            axes.text(row[1], y, f" {row[1]}", va="center", fontsize=8.5, color=ink)
        axes.set_yticks(range(len(rows)), [row[0] for row in rows])
        axes.invert_yaxis()
        axes.set_xlabel(
            "States and organisations that raise it, by the stance of their speech", color=ink, fontsize=8.5
        )
        axes.locator_params(axis="x", integer=True)
        return figure

    text = "; ".join(f"{row[0]}: {row[1]}" for row in rows) + "."
    return Picture(
        "objections", "Objections, by how many raise them", text, ("objection", "States and organisations", *ORDER, "no position", "speeches"), rows, draw
    )  # fmt: skip


# -- what they share -------------------------------------------------------------------------------------------


def _canvas(ink: str, width: float, height: float, bottom: float = 0.75) -> tuple[Figure, Axes]:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height))
    axes = figure.add_subplot()
    figure.subplots_adjust(left=0.08, right=0.985, top=1 - 0.12 / height, bottom=bottom / height)
    _dress(axes, ink)
    return figure, axes


def _dress(axes: Axes, ink: str) -> None:
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        axes.spines[side].set_color(ink)
    axes.tick_params(colors=ink, labelsize=8.5)
    axes.patch.set_alpha(0)


def _stack(
    axes: Axes, at: float, width: float, positions: Iterable[Position], *, upright: bool, least: float = 0.05
) -> None:
    """One stacked bar: counts upright, shares lying. Each stance has a firm part and, paler, the unreviewed single speeches."""
    parts: Counter[tuple[str, bool]] = Counter((p.label, p.uncertain) for p in positions)
    total = sum(n for (label, _), n in parts.items() if label in ORDER)
    base = 0.0
    for label in ORDER:
        letter, fill, pale, on, hatch, edge = LOOKS[label]
        for unsure in (False, True):
            number = parts[label, unsure]
            if not number:
                continue
            size = number if upright else number / total
            look: dict[str, Any] = {
                "color": pale if unsure else fill, "hatch": hatch, "edgecolor": edge if not unsure else fill, "linewidth": 0,
            }  # fmt: skip
            words = f"{letter}{'?' if unsure else ''} {number}"
            box = {"facecolor": pale if unsure else fill, "edgecolor": "none", "pad": 0.5}
            if upright:
                axes.bar(at, size, width, bottom=base, **look)
                place = (at, base + size / 2)
            else:
                axes.barh(at, size, width, left=base, **look)
                place = (base + size / 2, at)
            if size >= least:  # smaller parts are in the table: a label would hide them
                colour = "#1a1a1a" if unsure else on
                axes.text(
                    *place,
                    words,
                    ha="center",
                    va="center",
                    fontsize=7.5,
                    color=colour,
                    bbox=box,
                    clip_on=True,
                )
            base += size


def _legend(figure: Figure, ink: str, *, silent: bool = False) -> None:
    from matplotlib.patches import Patch

    marks = [
        Patch(facecolor=LOOKS[x][1], hatch=LOOKS[x][4], edgecolor=LOOKS[x][5], linewidth=0, label=f"{LOOKS[x][0]}  {x}") for x in ORDER
    ]  # fmt: skip
    if silent:
        marks.append(Patch(facecolor=LOOKS[NOT_ADDRESSED][1], label="–  no position"))
        marks.append(Patch(facecolor="none", edgecolor="#8a8a8a", label="not heard"))
    marks.append(
        Patch(facecolor="#d9e6f0", edgecolor="#0b63a5", linestyle="--", label="?  one unreviewed speech")
    )
    figure.legend(
        handles=marks, loc="lower center", ncols=len(marks), frameon=False, fontsize=8 if figure.get_figwidth() > _HALF else 7, labelcolor=ink, handlelength=1.2,
        columnspacing=1.0,
    )  # fmt: skip


def _uncertain(positions: Iterable[Position]) -> int:
    return sum(p.uncertain for p in positions if p.label in ORDER)


def _blend(pale: str, full: str, depth: float) -> str:
    pairs = [(int(pale[i : i + 2], 16), int(full[i : i + 2], 16)) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(a + (b - a) * depth):02x}" for a, b in pairs)
