"""The same job on a Dask cluster, through joblib's backend: for those who outgrow one machine.

Documents that can be read here are sent along with their task, so inputs need not lie on shared storage; rows come back and
are stored here. Tables and models come with the installed package on each worker, which must be the same version.
Not here: a scheduler of our own; losing a worker is Dask's to mend.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any, cast

from pipeline.dataset import DatasetError


@contextlib.contextmanager
def connected(address: str) -> Iterator[Any]:
    """A client of the scheduler at `address` (`tcp://host:8786`) for the time of the block.

    Raises DatasetError when the extra is not installed or the scheduler does not answer.
    """
    try:
        from distributed import Client
    except ImportError:
        raise DatasetError(
            "Running on a cluster needs Dask. Install it with: pip install 'r2p-stance[cluster]'"
        ) from None
    try:
        client: Any = cast(Any, Client)(address, timeout="15s", set_as_default=True)
    except (OSError, ValueError, TimeoutError) as error:
        raise DatasetError(
            f"The scheduler at {address} does not answer ({type(error).__name__}). Check the address, and that it runs."
        ) from error
    try:
        yield client
    finally:
        client.close()
