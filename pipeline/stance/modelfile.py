"""The file of a stance model: arrays and words, nothing that can run. `model.npz` holds numbers, `model.json` words and settings.

The format has a version; a file of another one, or one that is damaged, is refused in words.
"""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.records import InputError, Problem
from pipeline.stance import features

#: Version of the file format.
FORMAT = 6
ARRAYS, WORDS = "model.npz", "model.json"
_MOST_BYTES = 64 * 2**20


def write(folder: Path, words: dict[str, Any], arrays: dict[str, NDArray[Any]]) -> None:
    """Writes a model's words and arrays into a folder, the same bytes for the same model."""
    folder.mkdir(parents=True, exist_ok=True)
    words = {"format": FORMAT, "features": features.VERSION, **words}
    (folder / WORDS).write_text(
        json.dumps(words, ensure_ascii=False, separators=(",", ":"), sort_keys=True) + "\n",
        encoding="utf-8",
        newline="\n",
    )
    # numpy.savez stamps members with the time of day; a fixed date keeps the file the same bit for bit.
    with zipfile.ZipFile(folder / ARRAYS, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        for name in sorted(arrays):
            member = zipfile.ZipInfo(name + ".npy", date_time=(1980, 1, 1, 0, 0, 0))
            member.compress_type = zipfile.ZIP_DEFLATED
            with packed.open(member, "w") as stream:
                np.lib.format.write_array(stream, np.ascontiguousarray(arrays[name]), allow_pickle=False)


def header(folder: Path) -> dict[str, Any]:
    """A model's words and settings, checked for version. Raises InputError in words."""
    path = folder / WORDS
    try:
        words = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise refuse(
            folder, "no_model", f"There is no {WORDS} in it.", "Choose a model of `r2p-stance models`."
        ) from error
    except (OSError, ValueError) as error:
        raise refuse(
            folder, "damaged_model", f"{WORDS} cannot be read.", "Train it again or take another model."
        ) from error
    if not isinstance(words, dict) or "format" not in words:
        raise refuse(
            folder, "damaged_model", f"{WORDS} is no stance model.", "Train it again or take another model."
        )
    if words["format"] != FORMAT or words.get("features") != features.VERSION:
        raise refuse(
            folder,
            "model_version",
            f"The model has format {words['format']} and features {words.get('features')}; this version reads format {FORMAT} "
            f"and features {features.VERSION}.",
            "Train a model with this version (r2p-stance train), or use the version that made it.",
        )
    return words


def read(folder: Path) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """A model's words and arrays. Raises InputError in words for a missing, damaged, oversized or foreign file."""
    words = header(folder)
    path = folder / ARRAYS
    try:
        if sum(m.file_size for m in zipfile.ZipFile(path).infolist()) > _MOST_BYTES:
            raise refuse(
                folder, "damaged_model", f"{ARRAYS} is larger than any model.", "Take another model."
            )
        with np.load(path, allow_pickle=False) as packed:
            arrays = {name: packed[name] for name in packed.files}
    except (OSError, ValueError, KeyError, zipfile.BadZipFile, EOFError) as error:
        raise refuse(
            folder, "damaged_model", f"{ARRAYS} cannot be read.", "Train it again or take another model."
        ) from error
    return words, arrays


def refuse(folder: Path, code: str, reason: str, remedy: str) -> InputError:
    return InputError(Problem(str(folder), code, reason, remedy))
