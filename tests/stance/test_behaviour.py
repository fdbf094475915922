"""The shipped model on the behaviour cases: a model that loses what was reached is seen here. Rates: scripts/cross_validate --behaviour."""

from __future__ import annotations

from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType

import pytest

from pipeline.stance.model import load_model

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "cross_validate"

#: The share of the cases of each group that a shipped model has to pass, and how many cases of how many groups there are at least.
LEAST, CASES, GROUPS = 0.9, 120, 10


@pytest.fixture(scope="module")
def script() -> ModuleType:
    loader = SourceFileLoader("cross_validate", str(SCRIPT))
    spec = spec_from_loader("cross_validate", loader)
    assert spec is not None
    module = module_from_spec(spec)
    loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def passed(script: ModuleType) -> dict[str, tuple[int, int]]:
    result: dict[str, tuple[int, int]] = script.behaviour(load_model())
    return result


def test_the_shipped_model_passes_nine_cases_of_ten_in_every_group(
    passed: dict[str, tuple[int, int]],
) -> None:
    assert len(passed) >= GROUPS and sum(n for _, n in passed.values()) >= CASES
    assert {group: cases for group, cases in passed.items() if cases[0] < LEAST * cases[1]} == {}


def test_cases_written_after_the_model_are_mostly_passed(script: ModuleType) -> None:
    groups = script.behaviour(load_model(), script.HELD_OUT_CASES)
    assert sum(right for right, _ in groups.values()) >= 0.8 * sum(n for _, n in groups.values())


def test_swapping_names_of_states_changes_no_label(passed: dict[str, tuple[int, int]]) -> None:
    right, n = passed["names swapped"]
    assert right == n
