"""Which models there are and which is in use: cheap to ask, no model is loaded."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pipeline import resources


def model_in_use() -> Path:
    """The folder of the model named in CURRENT: the user's choice before the one that ships. Raises FileNotFoundError."""
    for folder in (resources.user_dir() / "models", resources.models_dir()):
        current = folder / "CURRENT"
        if current.is_file():
            return folder / current.read_text(encoding="utf-8").strip()
    raise FileNotFoundError("No model is installed. Train one with: r2p-stance train")


def describe(model: Path) -> dict[str, Any]:
    """Name and scores of a model, for the manifest."""
    scores = model / "scores.json"
    facts: dict[str, Any] = json.loads(scores.read_text(encoding="utf-8")) if scores.is_file() else {}
    return {"name": model.name, "scores": facts.get("summary", {})}
