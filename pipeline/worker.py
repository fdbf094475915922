"""One document at a time in a child process: the only place where the bytes of a stranger's file are parsed.

Run as `python -m pipeline.worker`; it speaks frames on standard input and output (JSON header, raw body) and ends
when its input ends. The parent (`pipeline.sandbox`) sets the limits and kills it when one is passed. Nothing that
comes back is a pickle, so a taken-over child cannot run code in the parent.
"""

from __future__ import annotations

import contextlib
import json
import os
import struct
import sys
from pathlib import Path
from typing import IO, Any

from pipeline.records import InputError, Problem

_HEAD = struct.Struct("!IQ")


def write_frame(stream: IO[bytes], header: dict[str, Any], body: bytes = b"") -> None:
    """Writes one frame: the lengths, the header as JSON, the body."""
    head = json.dumps(header).encode()
    stream.write(_HEAD.pack(len(head), len(body)) + head)
    stream.write(body)
    stream.flush()


def read_frame(stream: IO[bytes], limit: int = 1 << 40) -> tuple[dict[str, Any], bytes] | None:
    """Reads one frame; None at the end of the stream. Raises ValueError for one larger than `limit` bytes."""
    prefix = stream.read(_HEAD.size)
    if len(prefix) < _HEAD.size:
        return None
    head_size, body_size = _HEAD.unpack(prefix)
    if head_size + body_size > limit:
        raise ValueError(f"a frame of {head_size + body_size} bytes")
    head, body = stream.read(head_size), stream.read(body_size)
    if len(head) < head_size or len(body) < body_size:
        return None
    return json.loads(head), body


def answer(header: dict[str, Any], body: bytes) -> list[bytes]:
    """Does one request (`op` is `warm`, `read` or `judge`) and gives the parts of the reply's body, each of them JSON.

    `read` gives the document and, with a model, what the model says of it; they are stored apart, as they come.
    """
    from pipeline import document

    match header["op"]:
        case "warm":
            document.warm(header["settings"], header.get("model"))
            return []
        case "read":
            result = document.read(body, header["document"], header["settings"])
            parts = [document.dump(result)]
            if header.get("model"):
                parts.append(document.dump({"judged": document.judge(result["speeches"], header["model"])}))
            return parts
        case "judge":
            return [document.dump({"judged": document.judge(json.loads(body)["speeches"], header["model"])})]
    raise ValueError(f"unknown request {header['op']!r}")


def limit_memory(megabytes: int) -> None:
    """Bounds this process's address space where the system can (POSIX; on Windows only time and size are bounded)."""
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except (ImportError, ValueError, OSError):
        pass


def _alarm(seconds: int) -> None:
    # When the parent is killed with -9 in the middle of a document that never ends, nobody else would end this process.
    try:
        import signal

        signal.alarm(seconds)
    except (ImportError, AttributeError):
        pass


def main() -> None:
    """Serves requests until the input ends."""
    requests = os.fdopen(os.dup(0), "rb")
    replies = os.fdopen(os.dup(1), "wb")
    # A library that prints must not break the frames.
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)
    first = read_frame(requests)
    if first is None:
        return
    limits = first[0]
    sys.path[:0] = [entry for entry in limits.get("sys_path", []) if entry not in sys.path]
    limit_memory(int(limits["memory_mb"]))
    if warm := limits.get("warm"):
        # Loaded while the parent looks for its inputs; what fails here is met again, and named, with the first document.
        with contextlib.suppress(Exception):
            answer({"op": "warm", **warm}, b"")
    while frame := read_frame(requests):
        header, body = frame
        _alarm(int(header.get("seconds", 600)) + 30)
        try:
            parts = answer(header, body)
            write_frame(replies, {"ok": True, "parts": list(map(len, parts))}, b"".join(parts))
        except InputError as error:
            write_frame(replies, {"ok": False, "problem": _as_dict(error.problem)})
        except MemoryError:
            write_frame(
                replies, {"ok": False, "problem": _as_dict(memory_problem(header.get("document", "")))}
            )
            return
        except Exception as error:
            # A bug of ours or of a library, met by this one document: it is named, and the others go on.
            where = _where(error)
            problem = Problem(
                header.get("document", ""),
                "internal_error",
                f"The program could not read this document ({type(error).__name__} {where}).",
                "Please report it with the document, and try to save it again as PDF or plain text.",
            )
            write_frame(replies, {"ok": False, "problem": _as_dict(problem), "detail": repr(error)[:2000]})
        _alarm(0)


def _where(error: BaseException) -> str:
    trace = error.__traceback__
    place = ""
    while trace:
        file = Path(trace.tb_frame.f_code.co_filename)
        if "pipeline" in file.parts:
            place = f"in {file.parent.name}/{file.name}, line {trace.tb_lineno}"
        trace = trace.tb_next
    return place


def memory_problem(document: str) -> Problem:
    """The problem of a document that needs more memory than its limit."""
    return Problem(
        document,
        "memory_limit",
        "Reading this document takes more memory than the limit.",
        "Raise the limit with --memory-limit, or split the document.",
    )


def _as_dict(problem: Problem) -> dict[str, Any]:
    return {
        name: getattr(problem, name) for name in ("document", "code", "reason", "remedy", "fatal", "page")
    }


if __name__ == "__main__":
    main()
