"""r2p-stance: who stands where on the responsibility to protect, from transcripts of UN debates.

>>> from pipeline import label, load_dataset
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

__all__ = ["Dataset", "Options", "Summary", "label", "load_dataset"]

if TYPE_CHECKING:
    from pipeline.dataset import Dataset, load_dataset
    from pipeline.run import Options, Summary, label


def __getattr__(name: str) -> Any:
    # Late, so that `r2p-stance --help` and `import pipeline.records` stay quick.
    import importlib

    homes = {
        "label": "run",
        "Options": "run",
        "Summary": "run",
        "load_dataset": "dataset",
        "Dataset": "dataset",
    }
    if name in homes:
        return getattr(importlib.import_module(f"pipeline.{homes[name]}"), name)
    raise AttributeError(f"module 'pipeline' has no attribute {name!r}")
