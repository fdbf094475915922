"""Child processes with limits, kept warm: the parent's side of `pipeline.worker`.

A document that hangs, eats memory or crashes its reader costs itself: its child is killed, the next document gets a
fresh one. Children are used by threads (on this machine) or by the workers of a Dask cluster, one document each at a time.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

from pipeline.records import InputError, Problem
from pipeline.worker import memory_problem, read_frame, write_frame


@dataclass(frozen=True, slots=True)
class Limits:
    """What one document may cost. `seconds` of wall time, `memory_mb` of address space, `pages`, megabytes of input and reply."""

    seconds: int = 300
    memory_mb: int = 4096
    pages: int = 3000
    input_mb: int = 256
    output_mb: int = 256

    @property
    def ocr_pages(self) -> int:
        """Pages of one document that are recognised from the picture: as many as fit into `seconds`.

        RapidOCR took 1.3 to 3.2 s a page on one core (`scripts/statements_recall`, docs/ocr.md); at 4 s a page a long scan ends with a
        note on the pages left out, not with nothing at the time limit. A number, not a clock, so that every run gives the same.
        """
        return max(10, self.seconds // 4)

    def as_dict(self) -> dict[str, int]:
        return {
            name: getattr(self, name) for name in ("seconds", "memory_mb", "pages", "input_mb", "output_mb")
        }


class Sandbox:
    """One child process; not for several threads at once (`SandboxPool` hands them out)."""

    def __init__(
        self, limits: Limits, module: str = "pipeline.worker", warm: dict[str, Any] | None = None
    ) -> None:
        self._limits = limits
        self._warm = warm
        self._module = module
        self._child: subprocess.Popen[bytes] | None = None

    def start(self) -> subprocess.Popen[bytes]:
        """The running child, started if need be."""
        if self._child is None or self._child.poll() is not None:
            root = str(Path(__file__).resolve().parent.parent)
            # One thread a child: --jobs says how many processes work, and BLAS must not multiply them.
            environment = {
                **os.environ,
                "PYTHONPATH": os.pathsep.join([root, os.environ.get("PYTHONPATH", "")]).rstrip(os.pathsep),
            }
            environment.update(
                dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
            )
            self._child = subprocess.Popen(
                [sys.executable, "-m", self._module],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=None if os.environ.get("R2P_STANCE_DEBUG") else subprocess.DEVNULL,
                env=environment,
                # Ctrl-C goes to the parent alone, which ends its children in order.
                start_new_session=os.name == "posix",
            )
            write_frame(
                cast(IO[bytes], self._child.stdin), {"memory_mb": self._limits.memory_mb, "warm": self._warm}
            )
        return self._child

    def ask(self, header: dict[str, Any], body: bytes = b"") -> list[bytes]:
        """Sends one request and waits for the reply, at most `seconds`; gives the parts of its body, JSON that nobody has checked.

        Raises InputError with the problem that the child names, or `time_limit`, `memory_limit`, `output_limit`
        or `reader_crashed`.
        """
        document = header.get("document", "")
        child = self.start()
        late = threading.Event()

        def give_up() -> None:
            late.set()
            child.kill()

        timer = threading.Timer(self._limits.seconds, give_up)
        timer.daemon = True
        timer.start()
        try:
            write_frame(cast(IO[bytes], child.stdin), {**header, "seconds": self._limits.seconds}, body)
            frame = read_frame(cast(IO[bytes], child.stdout), self._limits.output_mb << 20)
        except (OSError, ValueError) as error:
            self.close()
            if isinstance(error, ValueError):
                raise InputError(
                    Problem(
                        document,
                        "output_limit",
                        f"The document holds more text than the limit of {self._limits.output_mb} MB.",
                        "Raise the limit with --output-limit, or split the document.",
                    )
                ) from error
            frame = None
        finally:
            timer.cancel()
        if frame is None:
            code = child.wait() if late.is_set() else self._exit_code(child)
            self.close()
            if late.is_set():
                raise InputError(
                    Problem(
                        document,
                        "time_limit",
                        f"Reading this document takes longer than the limit of {self._limits.seconds} seconds.",
                        "Raise the limit with --time-limit, or split the document.",
                    )
                )
            raise InputError(
                Problem(
                    document,
                    "reader_crashed",
                    f"The reader process ended while it read this document (exit code {code}).",
                    "The file is probably damaged; download it again or save it anew.",
                )
            )
        reply, payload = frame
        if not reply["ok"]:
            problem = Problem(**reply["problem"])
            if problem.code == memory_problem("").code:
                self.close()
            if detail := reply.get("detail"):
                _log(f"{document}: {detail}")
            raise InputError(problem)
        parts, at = [], 0
        for size in reply["parts"]:
            parts.append(payload[at : at + size])
            at += size
        return parts

    @staticmethod
    def _exit_code(child: subprocess.Popen[bytes]) -> int | None:
        with contextlib.suppress(subprocess.TimeoutExpired):
            return child.wait(5)
        return None

    def close(self) -> None:
        """Ends the child."""
        if self._child is not None:
            self._child.kill()
            self._child.wait()
            for stream in (self._child.stdin, self._child.stdout):
                if stream:
                    with contextlib.suppress(OSError):
                        stream.close()
            self._child = None


def _log(line: str) -> None:
    if os.environ.get("R2P_STANCE_DEBUG"):
        print(line, file=sys.stderr)


class SandboxPool:
    """Sandboxes for several threads; an idle one is used again.

    With `most`, no more than so many work at a time, and who asks for one more waits: so a thread more than there are sandboxes
    can put away one document and open the next while another is being read.
    """

    def __init__(self, limits: Limits, warm: dict[str, Any] | None = None, most: int | None = None) -> None:
        self.limits = limits
        self._free = threading.Semaphore(most) if most else contextlib.nullcontext()
        self._warm = warm  # `settings` and `model` that every document will need
        self._idle: list[Sandbox] = []
        self._all: list[Sandbox] = []
        self._guard = threading.Lock()
        self._closed = False

    def start(self, count: int) -> None:
        """Starts `count` children now, so that they load while the parent looks for inputs."""
        for _ in range(count):
            sandbox = Sandbox(self.limits, warm=self._warm)
            sandbox.start()
            self._idle.append(sandbox)
            self._all.append(sandbox)

    @contextlib.contextmanager
    def sandbox(self) -> Iterator[Sandbox]:
        """A sandbox for this thread alone, until the block ends. Raises RuntimeError in a pool that was closed."""
        with self._free:
            with self._guard:
                if self._closed:
                    raise RuntimeError("the pool of sandboxes is closed")
                sandbox = self._idle.pop() if self._idle else Sandbox(self.limits)
                if sandbox not in self._all:
                    self._all.append(sandbox)
            try:
                yield sandbox
            finally:
                with self._guard:
                    self._idle.append(sandbox)

    def close(self) -> None:
        """Ends all children; there will be no more."""
        with self._guard:
            self._closed = True
            sandboxes, self._all, self._idle = self._all, [], []
        for sandbox in sandboxes:
            sandbox.close()
