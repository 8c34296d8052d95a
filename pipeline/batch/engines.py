"""The engines by their names."""

from __future__ import annotations

from pipeline.batch.local import LocalEngine
from pipeline.batch.run import MakeEngine
from pipeline.errors import SettingsError


def engine_maker(name: str, scheduler: str | None) -> MakeEngine:
    """What makes the engine ``name`` (local or dask). Raises SettingsError when its options do not go together."""
    if name == "local":
        if scheduler is not None:
            raise SettingsError("--scheduler goes with --engine dask", remedy="add --engine dask")
        return LocalEngine
    if scheduler is None:
        raise SettingsError("--engine dask needs the address of a scheduler", remedy="add --scheduler tcp://HOST:8786")
    from pipeline.batch.cluster import dask_engine

    return dask_engine(scheduler)
