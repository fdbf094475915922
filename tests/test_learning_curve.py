"""Reading the learning curves: which share of the labels the queue needs for the scores of random order."""

from __future__ import annotations

from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from typing import Any

import numpy as np
import pytest

PATH = Path(__file__).resolve().parent.parent / "scripts" / "learning_curve"


@pytest.fixture(scope="module")
def script() -> Any:
    """The script as a module: its name has no ending, so that it is not imported by name."""
    import sys

    spec = spec_from_loader("learning_curve", SourceFileLoader("learning_curve", str(PATH)))
    assert spec is not None and spec.loader is not None
    module = module_from_spec(spec)
    sys.modules["learning_curve"] = module
    spec.loader.exec_module(module)
    return module


def test_a_queue_that_learns_twice_as_fast_needs_half_of_the_labels(script: Any) -> None:
    shares = script.shares(np.array([0.2, 0.4, 0.6, 0.6, 0.6]), np.array([0.2, 0.3, 0.4, 0.5, 0.6]))
    assert shares == [None, *[pytest.approx(0.5)] * 4]


def test_a_score_that_the_queue_never_reaches_is_not_hidden(script: Any) -> None:
    assert script.shares(np.array([0.2, 0.3]), np.array([0.2, 0.5])) == [None, float("inf")]


def test_a_dip_of_random_order_does_not_make_its_score_easier(script: Any) -> None:
    shares = script.shares(np.array([0.2, 0.3, 0.4]), np.array([0.2, 0.4, 0.1]))
    assert shares == [None, pytest.approx(2.0), pytest.approx(2.0)]


def test_no_label_is_needed_for_what_the_seed_texts_alone_reach(script: Any) -> None:
    assert script.first_reached(np.array([0.5, 0.6]), 0.4) == 0.0
