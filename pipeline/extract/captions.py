"""Captions (WebVTT, SubRip) -> lines, one a cue line. Times and styling go; a cue's voice stays as `<v Name>`.

The voice is kept as it is written in WebVTT, so that the split stage can tell captions that name their
speakers from captions that do not.
"""

from __future__ import annotations

import html
import re

from pipeline.records import Line, Page

_TIME = re.compile(r"^\s*(?:\d+:)?\d{1,2}:\d{2}[.,]\d{1,3}\s*-->\s*(?:\d+:)?\d{1,2}:\d{2}[.,]\d{1,3}")
_BLOCK = re.compile(r"^(?:NOTE|STYLE|REGION)(?:\s|$)")
_VOICE = re.compile(r"<v(?:\.[^\s>]*)*\s+([^>]*)>")
_TAG = re.compile(
    r"</?(?:c|i|b|u|v|ruby|rt|lang|font)(?:[.\s][^>]*)?>|<\d+:[\d:.]+>|\{\\[^}]*\}", re.IGNORECASE
)


def looks_like_srt(text: str) -> bool:
    """True where the first lines are a number and a SubRip time."""
    lines = [line for line in text[:2000].split("\n") if line.strip()][:2]
    return len(lines) == 2 and lines[0].strip().isdigit() and bool(_TIME.match(lines[1]))


def read_captions(text: str) -> tuple[Page, ...]:
    """The cue lines of WebVTT or SubRip captions as one page, an empty line between cues.

    Rolling captions repeat the line before in the next cue; a line that says the same as the one just
    before it is given once.
    """
    lines: list[Line] = []
    previous = ""
    for block in re.split(r"\n[ \t]*\n", text):
        rows = block.split("\n")
        at = next((i for i, row in enumerate(rows) if _TIME.match(row)), None)
        if at is None:
            continue  # the WEBVTT line, notes, styles
        first = True
        for row in rows[at + 1 :]:
            voices = _VOICE.split(row)
            pieces = [("", voices[0]), *zip(voices[1::2], voices[2::2], strict=True)]
            for voice, words in pieces:
                said = html.unescape(_TAG.sub("", words)).replace("\xa0", " ").strip()
                name = " ".join(html.unescape(voice).split())
                line = f"<v {name}>{said}" if name else said
                if not said or (first and line == previous):
                    continue
                if first and lines:
                    lines.append(Line(""))
                lines.append(Line(line))
                previous = line
                first = False
    return (Page(1, tuple(lines)),)
