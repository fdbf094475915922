"""The records keep their promises."""

import pickle

from pipeline.records import InputError, Problem, Speech
from pipeline.schema import REVIEW_COLUMNS, SPEECHES, STANCE_COLUMNS


def test_words_counts_runs_with_a_letter_or_digit() -> None:
    assert Speech("a.pdf", 1, "One two — three—four ... 5", 1, 1).words == 5


def test_page_of_follows_the_page_marks() -> None:
    speech = Speech("a.pdf", 1, "x" * 30, 3, 5, page_marks=((0, 3), (10, 4), (20, 5)))
    assert [speech.page_of(i) for i in (0, 9, 10, 29)] == [3, 3, 4, 5]


def test_an_input_error_survives_the_way_back_from_a_worker_process() -> None:
    problem = Problem("a.pdf", "truncated_pdf", "The file is cut off.", "Download it again.")
    assert pickle.loads(pickle.dumps(InputError(problem))).problem == problem


def test_stance_and_review_columns_are_columns() -> None:
    names = {column.name for column in SPEECHES}
    assert set(STANCE_COLUMNS) <= names and set(REVIEW_COLUMNS) <= names
