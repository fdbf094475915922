"""The behaviour cases are sound: names are unique, labels are the codebook's, every pair leads to a labelled case.

What the model makes of them is not tested here.
"""

from __future__ import annotations

import json
from pathlib import Path

from pipeline.records import LABELS

CASES = [
    json.loads(line)
    for line in (Path(__file__).parent / "behaviour.jsonl").read_text(encoding="utf-8").splitlines()
]


def test_there_are_enough_cases_in_enough_groups() -> None:
    assert len(CASES) >= 150 and len({case["group"] for case in CASES}) >= 12
    assert all(sum(c["group"] == group for c in CASES) >= 8 for group in {case["group"] for case in CASES})


def test_every_case_has_its_own_name_and_text_and_a_label_or_a_pair() -> None:
    by_name = {case["name"]: case for case in CASES}
    assert len(by_name) == len(CASES) == len({case["text"] for case in CASES})
    for case in CASES:
        assert ("label" in case) != ("same_as" in case), case["name"]
        assert by_name[case.get("same_as", case["name"])]["label"] in LABELS, case["name"]
