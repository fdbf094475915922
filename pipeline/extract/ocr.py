"""Pages without usable text -> lines recognised from their picture, by Tesseract or by RapidOCR.

RapidOCR comes with `pip install` and reads scans without another step. Tesseract, where it is on the PATH,
is better and faster and is preferred. Measured by `scripts/ocr_compare`; the figures are in docs/ocr.md.
"""

from __future__ import annotations

import io
import os
import shutil
import subprocess
from functools import lru_cache
from typing import Any, Protocol

from pipeline.extract.blanks import join_torn, part_words
from pipeline.records import Line

#: Points an inch, as PDF counts.
_POINTS = 72.0

#: A picture of more pixels than this is drawn smaller: a poster-sized page must not take the memory.
MOST_PIXELS = 12_000_000


class Engine(Protocol):
    """Something that reads a picture of a page."""

    name: str
    dpi: int

    def read(self, picture: Any, dpi: float) -> tuple[Line, ...]:
        """The lines of `picture` (a greyscale PIL image drawn at `dpi`), in reading order, boxes in points."""


class OcrError(RuntimeError):
    """Raised when an engine fails on a page; the page is then reported as unreadable."""


@lru_cache(maxsize=1)
def choose() -> Engine | None:
    """The best engine there is, or None. `R2P_STANCE_OCR` set to `tesseract`, `rapidocr` or `none` decides instead."""
    wanted = os.environ.get("R2P_STANCE_OCR", "").lower()
    if wanted == "none":
        return None
    for engine in (Tesseract, RapidOcr):
        if wanted in ("", engine.key) and engine.available():
            return engine()
    return None


#: Why there is no engine, and what to do.
WHY_NONE = "no OCR engine can be used"
INSTALL = "Install one with: pip install rapidocr-onnxruntime (or your system's package tesseract-ocr)."


def draw(page: Any, dpi: int) -> tuple[Any, float]:
    """The picture of a pypdfium2 page in grey, and the resolution it was drawn at."""
    width, height = page.get_size()
    inches = max(1.0, width) * max(1.0, height) / _POINTS**2
    actual = min(float(dpi), (MOST_PIXELS / inches) ** 0.5)
    return page.render(scale=actual / _POINTS, grayscale=True).to_pil(), actual


class Tesseract:
    """Tesseract by its command line (Apache-2.0); English data, page segmentation 3 (automatic, no orientation)."""

    key = "tesseract"
    dpi = 200
    name: str

    def __init__(self) -> None:
        shown = subprocess.run(["tesseract", "--version"], capture_output=True, check=False, timeout=30)
        words = (shown.stdout or shown.stderr).decode("utf-8", "replace").split()
        self.name = "tesseract " + (words[1] if len(words) > 1 else "?")

    @staticmethod
    def available() -> bool:
        """True where `tesseract` is on the PATH and has English data."""
        if shutil.which("tesseract") is None:
            return False
        try:
            listed = subprocess.run(
                ["tesseract", "--list-langs"], capture_output=True, check=False, timeout=30
            )
        except (OSError, subprocess.SubprocessError):
            return False
        return b"eng" in (listed.stdout + listed.stderr).split()

    def read(self, picture: Any, dpi: float) -> tuple[Line, ...]:
        """See `Engine.read`. Raises `OcrError`."""
        data = io.BytesIO()
        picture.save(data, "PNG", compress_level=1)
        command = ["tesseract", "stdin", "stdout", "-l", "eng", "--dpi", str(round(dpi)), "--psm", "3", "tsv"]
        # One thread: documents are read side by side, and Tesseract's own threads slow each other down.
        quiet = {**os.environ, "OMP_THREAD_LIMIT": "1"}
        try:
            done = subprocess.run(
                command, input=data.getvalue(), capture_output=True, check=True, timeout=180, env=quiet
            )
        except (OSError, subprocess.SubprocessError) as error:
            raise OcrError(str(error)) from None
        return tuple(_lines_of_tsv(done.stdout.decode("utf-8", "replace"), _POINTS / dpi))


def _lines_of_tsv(tsv: str, scale: float) -> list[Line]:
    """Lines from Tesseract's table: level, page, block, paragraph, line, word, left, top, width, height, confidence, text."""
    rows: dict[tuple[str, ...], list[tuple[float, float, float, float, str]]] = {}
    for row in tsv.split("\n")[1:]:
        cells = row.split("\t")
        if len(cells) < 12 or cells[0] != "5" or not cells[11].strip():
            continue
        left, top, width, height = (float(cell) for cell in cells[6:10])
        rows.setdefault(tuple(cells[1:5]), []).append(
            (left, top, left + width, top + height, cells[11].strip())
        )
    lines = []
    for words in rows.values():
        text = " ".join(word[4] for word in words)
        x0, y0 = min(w[0] for w in words), min(w[1] for w in words)
        x1, y1 = max(w[2] for w in words), max(w[3] for w in words)
        lines.append(_line(text, x0, y0, x1, y1, scale))
    return lines


def _line(text: str, x0: float, y0: float, x1: float, y1: float, scale: float) -> Line:
    size = (y1 - y0) * scale
    return Line(text, x0 * scale, y0 * scale, x1 * scale, y1 * scale, round(size, 1))


class RapidOcr:
    """RapidOCR (Apache-2.0): PP-OCRv4 by onnxruntime, its models inside the package.

    Its recogniser was trained on Chinese and loses blanks in English lines, and its time grows with the square
    of a line's length. So lines are cut at their gaps before they are read, blanks are taken at a lower
    probability than the recogniser's own choice, and what is still glued is parted by the word list.
    """

    key = "rapidocr"
    dpi = 150
    name: str

    def __init__(self) -> None:
        from importlib.metadata import version

        self.name = "rapidocr-onnxruntime " + version("rapidocr-onnxruntime")
        self._engine: Any = None

    @staticmethod
    def available() -> bool:
        """True where the package is installed."""
        from importlib.util import find_spec

        return find_spec("rapidocr_onnxruntime") is not None

    def _load(self) -> Any:
        if self._engine is None:
            import logging

            from rapidocr_onnxruntime import RapidOCR

            logging.getLogger("RapidOCR").setLevel(logging.ERROR)
            self._engine = RapidOCR(intra_op_num_threads=1, inter_op_num_threads=1)
            recogniser = self._engine.text_rec
            recogniser.postprocess_op = _DecodeWithBlanks(recogniser.postprocess_op.character)
        return self._engine

    def read(self, picture: Any, dpi: float) -> tuple[Line, ...]:
        """See `Engine.read`. Raises `OcrError`."""
        import numpy as np

        try:
            engine = self._load()
            small = picture.resize((max(1, int(picture.width * 0.66)), max(1, int(picture.height * 0.66))))
            boxes, _ = engine.text_det(np.asarray(small.convert("RGB")))
            if boxes is None or not len(boxes):
                return ()
            scale = np.array([picture.width / small.width, picture.height / small.height], dtype=np.float32)
            boxes = [np.asarray(box, dtype=np.float32) * scale for box in boxes]
            image = np.asarray(picture.convert("RGB"))
            crops = engine.get_crop_img_list(image, boxes)
            cuts = [_cut_at_gaps(crop) for crop in crops]
            pieces = [piece for cut in cuts for piece in cut]
            read = iter(engine.text_rec(pieces)[0])
            found = []
            for box, cut in zip(boxes, cuts, strict=True):
                said = [next(read) for _ in cut]
                text = " ".join(" ".join(words for words, sure in said if sure >= 0.5).split())
                if text:
                    (x0, y0), (x1, y1) = box.min(axis=0), box.max(axis=0)
                    found.append((float(x0), float(y0), float(x1), float(y1), mend_blanks(text)))
        except Exception as error:  # onnxruntime and OpenCV raise kinds of their own
            raise OcrError(f"{type(error).__name__}: {error}") from None
        return tuple(_line(text, x0, y0, x1, y1, _POINTS / dpi) for x0, y0, x1, y1, text in _rows(found))


def mend_blanks(text: str) -> str:
    """A recognised line with its blanks mended: after commas and stops, inside words, between words."""
    import re

    text = re.sub(r"(?<=[a-z]{2})([.,;:!?])(?=[A-Z]?[a-z]{2})", r"\1 ", text)
    text = re.sub(r"(?<=[A-Za-z])([,;])(?=[A-Za-z0-9])", r"\1 ", text)
    text = re.sub(r"\s+([.,;:!?])(?=\s|$)", r"\1", text)
    return part_words(join_torn(text))


class _DecodeWithBlanks:
    """CTC decoding that takes a blank between two letters already at a small probability.

    The recogniser's own choice loses many blanks between English words; at `LEAST` few are lost and few words torn,
    which the word list mends. `scripts/ocr_compare` measures the whole against the package as it comes.
    """

    LEAST = 0.03

    def __init__(self, characters: list[str]) -> None:
        self.character = characters
        self._blank = characters.index(" ")

    def __call__(self, predictions: Any, *_: object, **__: object) -> list[tuple[str, float]]:
        best = predictions.argmax(axis=2)
        sure = predictions.max(axis=2)
        spaces = predictions[:, :, self._blank]
        return [self._one(best[i], sure[i], spaces[i]) for i in range(len(best))]

    def _one(self, best: Any, sure: Any, spaces: Any) -> tuple[str, float]:
        out: list[str] = []
        scores: list[float] = []
        last = 0
        space = 0.0
        for index, score, chance in zip(best.tolist(), sure.tolist(), spaces.tolist(), strict=True):
            space = max(space, chance)
            if index not in (0, last):
                if index != self._blank:
                    if space >= self.LEAST and out and out[-1] != " ":
                        out.append(" ")
                    out.append(self.character[index])
                    scores.append(score)
                    space = 0.0
                elif out and out[-1] != " ":
                    out.append(" ")
            last = index
        return "".join(out).strip(), sum(scores) / len(scores) if scores else 0.0


#: A line is read in pieces of about this many times its height.
_PIECE = 9.0


def _cut_at_gaps(crop: Any) -> list[Any]:
    """The picture of a line, cut at the widest gaps between words into pieces that are read one by one."""
    import numpy as np

    height, width = crop.shape[:2]
    if width <= 1.4 * _PIECE * height or height < 4:
        return [crop]
    grey = crop.mean(axis=2)
    paper, ink = np.percentile(grey, 90), grey.min()
    if paper - ink < 40:
        return [crop]
    inked = (grey < ink + 0.6 * (paper - ink)).any(axis=0)
    edges = np.flatnonzero(np.diff(np.concatenate(([True], inked, [True])).astype(np.int8)))
    gaps = [(int(start), int(end)) for start, end in zip(edges[0::2], edges[1::2], strict=False)]
    pieces = []
    start = 0
    while width - start > 1.4 * _PIECE * height:
        wanted = [
            (end - begin, (begin + end) // 2)
            for begin, end in gaps
            if start + 0.5 * _PIECE * height < (begin + end) / 2 < start + 1.3 * _PIECE * height
            and end - begin >= 0.16 * height
        ]
        if not wanted:
            break
        place = max(wanted)[1]
        pieces.append(crop[:, start:place])
        start = place
    pieces.append(crop[:, start:])
    return pieces


def _rows(
    found: list[tuple[float, float, float, float, str]],
) -> list[tuple[float, float, float, float, str]]:
    """Boxes in reading order: pieces on one printed row are joined from left to right, rows go down the page."""
    rows: list[list[tuple[float, float, float, float, str]]] = []
    for box in sorted(found, key=lambda b: (b[1] + b[3]) / 2):
        middle, height = (box[1] + box[3]) / 2, box[3] - box[1]
        row = rows[-1] if rows else None
        if row:
            last = row[-1]
            same = abs(middle - (last[1] + last[3]) / 2) < 0.5 * min(height, last[3] - last[1])
            apart = all(
                box[0] >= other[2] - 0.3 * height or box[2] <= other[0] + 0.3 * height for other in row
            )
            if same and apart:
                row.append(box)
                continue
        rows.append([box])
    joined = []
    for row in rows:
        row.sort()
        text = " ".join(box[4] for box in row)
        joined.append(
            (row[0][0], min(b[1] for b in row), max(b[2] for b in row), max(b[3] for b in row), text)
        )
    return joined
