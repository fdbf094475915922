"""The models there are: versioned folders with a model, a card and scores; which one is in use; going back to another.

Shipped models lie in models/ (of the checkout or the package), a user's own in the user's data folder where there is no checkout.
`CURRENT` holds the name of the one in use.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from pipeline import resources
from pipeline.records import InputError, Problem

#: The file that makes a folder a model.
MODEL_FILE = "model.npz"
_CURRENT = "CURRENT"


def own_dir() -> Path:
    """Where new models go: models/ in a checkout, else the user's data folder."""
    return resources.models_dir() if resources.in_checkout() else resources.user_dir() / "models"


def folders() -> list[Path]:
    """Folders that may hold models, the user's own first."""
    own, shipped = own_dir(), resources.models_dir()
    return [own] if own == shipped else [own, shipped]


def models() -> dict[str, Path]:
    """Every model by name, in alphabetical order; a user's own hides a shipped one of the same name."""
    found: dict[str, Path] = {}
    for folder in reversed(folders()):
        if folder.is_dir():
            found.update({p.parent.name: p.parent for p in folder.glob(f"*/{MODEL_FILE}")})
    return dict(sorted(found.items()))


def find(name: str) -> Path:
    """The folder of a model by name, or by path. Raises InputError listing the names there are."""
    there = models()
    if name in there:
        return there[name]
    path = Path(name)
    if (path / MODEL_FILE).is_file():
        return path
    if path.is_file() and path.name == MODEL_FILE:
        return path.parent
    known = ", ".join(there) or "none"
    raise InputError(
        Problem(
            name, "unknown_model", "There is no model of this name.", f"Models: {known} (r2p-stance models)."
        )
    )


def model_in_use() -> Path:
    """The folder of the model named in CURRENT, the user's own choice first. Raises InputError when there is none."""
    for folder in folders():
        current = folder / _CURRENT
        if current.is_file():
            return find(current.read_text(encoding="utf-8").strip())
    raise InputError(
        Problem(
            str(own_dir()),
            "no_model",
            "No model is installed.",
            "Train one with `r2p-stance train`, or reinstall the package.",
        )
    )


def use(name: str) -> Path:
    """Makes a model the one in use and gives its folder. Raises InputError for an unknown name."""
    folder = find(name)
    own = own_dir()
    own.mkdir(parents=True, exist_ok=True)
    fresh = own / (_CURRENT + ".new")
    fresh.write_text((folder.name if folder.name in models() else str(folder)) + "\n", encoding="utf-8")
    fresh.replace(own / _CURRENT)
    return folder


def describe(path: Path) -> dict[str, Any]:
    """Facts of a model for manifests: `name`, `sha256` of its file, `format`, `trained_on` (fingerprint and counts), `scores`."""
    from pipeline.stance.modelfile import header

    folder = path if path.is_dir() else path.parent
    facts = header(folder)
    digest = hashlib.sha256((folder / MODEL_FILE).read_bytes()).hexdigest()
    scores: dict[str, Any] = {}
    if (folder / "scores.json").is_file():
        scores = json.loads((folder / "scores.json").read_text(encoding="utf-8"))
    return {
        "name": facts["name"],
        "sha256": digest,
        "format": facts["format"],
        "trained_on": facts.get("trained_on"),
        "review_below": facts.get("review_below"),
        "scores": {k: scores[k] for k in ("macro_f1", "accuracy", "ece") if k in scores},
    }
