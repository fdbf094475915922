"""Where the tables, the sample, the shipped models and the program lie: in the checkout, or inside the installed package."""

from __future__ import annotations

import os
import shlex
import shutil
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


def invoked_as() -> str:
    """How the user can call r2p-stance again: its name where the shell finds it, else the path of this very program.

    From a fresh checkout that is `.venv/bin/r2p-stance`, since nobody has activated the environment.
    """
    program = Path(sys.argv[0])
    if program.stem != "r2p-stance":
        return "r2p-stance"
    found = shutil.which("r2p-stance")
    if found and Path(found).resolve() == program.resolve():
        return "r2p-stance"
    program = program.absolute()
    if program.is_relative_to(Path.cwd()):
        program = program.relative_to(Path.cwd())
    return shlex.quote(str(program)) if os.name != "nt" else str(program)


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
