"""One bad document costs itself: whatever the reader process does, the next document is read."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator

import pytest

from pipeline.records import InputError
from pipeline.sandbox import Limits, Sandbox


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    running = Sandbox(Limits(seconds=2, memory_mb=1024, output_mb=2), module="tests.misbehaving_worker")
    yield running
    running.close()


def test_a_document_is_read(sandbox: Sandbox) -> None:
    assert sandbox.ask({"op": "read", "document": "fine"}, b"12345") == {"read": 5}


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ("hangs", "time_limit"),
        ("dies", "reader_crashed"),
        ("floods", "output_limit"),
        ("raises", "internal_error"),
        pytest.param(
            "eats memory",
            "memory_limit",
            marks=pytest.mark.skipif(sys.platform == "win32", reason="no such limit"),
        ),
    ],
)
def test_a_bad_document_is_named_and_the_next_one_is_read(sandbox: Sandbox, document: str, code: str) -> None:
    with pytest.raises(InputError) as caught:
        sandbox.ask({"op": "read", "document": document})
    assert (caught.value.problem.document, caught.value.problem.code) == (document, code)
    assert caught.value.problem.remedy
    assert sandbox.ask({"op": "read", "document": "fine"}, b"1") == {"read": 1}


def test_what_a_library_prints_does_not_break_the_reply(sandbox: Sandbox) -> None:
    assert sandbox.ask({"op": "read", "document": "prints"}) == {"read": 0}


def test_the_time_limit_is_kept(sandbox: Sandbox) -> None:
    began = time.monotonic()
    with pytest.raises(InputError):
        sandbox.ask({"op": "read", "document": "hangs"})
    assert time.monotonic() - began < 60  # of the 600 that it would sleep
