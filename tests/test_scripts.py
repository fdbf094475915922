"""Set-up as a newcomer meets it: one clear sentence where something is missing, and a wheel that works elsewhere."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def ensure(before: str, root: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs the set-up of `root` in a fresh Python, after the statements `before`."""
    code = f"import sys; sys.path.insert(0, {str(root / 'scripts')!r}); {before}; import environment; "
    code += "environment.VENV += '-none'; environment.COMMAND += '-none'; environment.ensure(['requirements.lock'])"
    return subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
        timeout=240,
        check=False,
    )


def test_a_python_that_is_too_old_is_said_in_one_sentence() -> None:
    done = ensure("sys.version_info = (3, 9, 2)")
    assert done.returncode == 1
    assert done.stderr.startswith("r2p-stance needs Python 3.11 or newer, and this is Python 3.9")
    assert len(done.stderr.splitlines()) == 1


def test_a_missing_venv_module_is_said_in_one_sentence() -> None:
    done = ensure("sys.modules['ensurepip'] = None")
    assert done.returncode == 1 and len(done.stderr.splitlines()) == 1
    assert "venv module is missing" in done.stderr


@pytest.mark.slow
def test_no_network_on_the_first_run_is_said_in_one_sentence(tmp_path: Path) -> None:
    for name in ("requirements.lock", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path / name)
    shutil.copytree(ROOT / "scripts", tmp_path / "scripts")
    nowhere = {
        "PIP_INDEX_URL": "http://127.0.0.1:9/simple",
        "PIP_FIND_LINKS": "",
        "PIP_RETRIES": "0",
        "PIP_NO_CACHE_DIR": "1",
    }
    nowhere |= {"PIP_EXTRA_INDEX_URL": "", "PIP_CONFIG_FILE": os.devnull}
    done = subprocess.run(
        [sys.executable, "scripts/label"], cwd=tmp_path, capture_output=True, text=True, env={**os.environ, **nowhere}, timeout=240, check=False
    )  # fmt: skip
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert "needs a network connection" in done.stderr.splitlines()[-1]


@pytest.mark.parametrize("name", ["label", "test", "environment.py"])
def test_the_scripts_are_read_by_an_old_python_too(name: str) -> None:
    """A Python 3.6 must get far enough to say that it is too old."""
    import ast

    ast.parse((ROOT / "scripts" / name).read_text(encoding="utf-8"), feature_version=(3, 6))


@pytest.mark.nightly
def test_a_wheel_works_outside_the_checkout(tmp_path: Path) -> None:
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
    # From a copy: building leaves a build/ folder behind.
    source = tmp_path / "source"
    shutil.copytree(
        ROOT, source, ignore=shutil.ignore_patterns(".git", ".venv", "results*", "*cache*", "build")
    )
    subprocess.run(
        [*pip, "wheel", "-q", "--no-deps", "--no-build-isolation", "-w", str(tmp_path), str(source)],
        check=True,
    )
    [wheel] = tmp_path.glob("*.whl")
    site = tmp_path / "site"
    subprocess.run([*pip, "install", "-q", "--no-deps", "--target", str(site), str(wheel)], check=True)
    statement = tmp_path / "GHA_79_2024.txt"
    statement.write_text("Mr. President, we firmly support the responsibility to protect.\n")
    command = [sys.executable, "-m", "pipeline.cli", "label", str(statement), "--out", str(tmp_path / "out")]
    done = subprocess.run(
        command,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "supportive" in done.stdout
