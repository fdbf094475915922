"""Where the tables, the sample and the shipped models lie: in the checkout, or inside the installed package."""

from __future__ import annotations

import os
import sys
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_CHECKOUT = _PACKAGE.parent


def in_checkout() -> bool:
    """True where the code runs from a checkout, so that corpus/ and models/ stand beside the package."""
    return (_CHECKOUT / "pyproject.toml").is_file() and (_CHECKOUT / "corpus").is_dir()


def corpus_dir() -> Path:
    """The corpus folder: tables, sample, codebook (and, in a checkout, seed texts and stand-off labels)."""
    return _CHECKOUT / "corpus" if in_checkout() else _PACKAGE / "_data" / "corpus"


def table(name: str) -> Path:
    """The path of a table in corpus/tables, such as `states.csv`."""
    return corpus_dir() / "tables" / name


def models_dir() -> Path:
    """The folder of the models that ship with the project."""
    return _CHECKOUT / "models" if in_checkout() else _PACKAGE / "_data" / "models"


def user_dir() -> Path:
    """Where a user's own models and downloads go when there is no checkout (`R2P_STANCE_HOME` overrides it)."""
    if home := os.environ.get("R2P_STANCE_HOME"):
        return Path(home)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "r2p-stance"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "r2p-stance"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "r2p-stance"
