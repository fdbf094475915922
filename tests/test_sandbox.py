"""One bad document costs itself: whatever the reader process does, the next document is read."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator

import pytest

from pipeline.records import InputError
from pipeline.sandbox import Limits, Sandbox, SandboxPool


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    running = Sandbox(Limits(seconds=2, memory_mb=1024, output_mb=2), module="tests.misbehaving_worker")
    yield running
    running.close()


def test_a_document_is_read(sandbox: Sandbox) -> None:
    assert sandbox.ask({"op": "read", "document": "fine"}, b"12345") == [b'{"read": 5}', b"{}"]


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
    assert sandbox.ask({"op": "read", "document": "fine"}, b"1") == [b'{"read": 1}', b"{}"]


def test_what_a_library_prints_does_not_break_the_reply(sandbox: Sandbox) -> None:
    assert sandbox.ask({"op": "read", "document": "prints"}) == [b'{"read": 0}', b"{}"]


def test_the_time_limit_is_kept(sandbox: Sandbox) -> None:
    began = time.monotonic()
    with pytest.raises(InputError):
        sandbox.ask({"op": "read", "document": "hangs"})
    assert time.monotonic() - began < 60  # of the 600 that it would sleep


def test_no_more_sandboxes_work_at_a_time_than_were_allowed() -> None:
    pool = SandboxPool(Limits(), most=1)
    entered, order = threading.Event(), []

    def second() -> None:
        entered.set()
        with pool.sandbox():
            order.append("second")

    other = threading.Thread(target=second)
    with pool.sandbox() as first:
        other.start()
        assert entered.wait(5)
        time.sleep(0.05)
        order.append("first")
    other.join(5)
    assert order == ["first", "second"]
    with pool.sandbox() as again:
        assert again is first  # a warm one is used again
    pool.close()
    with pytest.raises(RuntimeError, match="closed"), pool.sandbox():
        pass
