"""A reader process that misbehaves on request: for the tests of the sandbox. Run as a module, like the real one."""

from __future__ import annotations

import os
import time

from pipeline import worker


def answer(header: dict[str, str], body: bytes) -> list[bytes]:
    """Does what the document's name says."""
    match header["document"]:
        case "hangs":
            time.sleep(600)
        case "dies":
            os._exit(7)
        case "eats memory":
            return [bytes(3 << 30)]
        case "floods":
            return [b'"' + b"x" * (3 << 20) + b'"']
        case "prints":
            print("a library says hello")
        case "raises":
            raise RuntimeError("unforeseen")
    return [b'{"read": %d}' % len(body), b"{}"]


if __name__ == "__main__":
    worker.answer = answer  # type: ignore[assignment]
    worker.main()
