"""Assignments as Parquet, for pandas, DuckDB and their like. Needs pyarrow, which is an extra."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from pipeline.errors import ToolError
from pipeline.store.export.files import Links
from pipeline.store.export.flat import flat
from pipeline.store.export.records import PlanRecords

ROWS_A_GROUP = 20_000
_GREATEST = 2**63 - 1
_TEXTS = ("file", "sha256", "document_number", "issuing_authority", "issued_on", "plan")
_ITEM = ("kind", "item_id", "number", "text", "group")


def write(plans: Iterator[PlanRecords], path: Path, links: Links) -> list[str]:
    """Write a row for each assignment, some thousands at a time."""
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        raise ToolError(
            "Parquet files need pyarrow", remedy="pip install '.[parquet]' in the folder of kehoach"
        ) from None
    texts, day = pa.list_(pa.string()), pa.date32()
    schema = pa.schema(
        [(name, pa.string()) for name in (*_TEXTS, *_ITEM)]
        + [("lead_units", texts), ("coordinating_units", texts), ("deliverable", pa.string()), ("deadlines", texts)]
        + [("rrules", texts), ("first_due", day), ("due_days", pa.list_(day)), ("citations", texts)]
        + [("budget_vnd", pa.int64()), ("page", pa.int32()), ("confidence", pa.float64()), ("link", pa.string())]
    )
    rows: Iterator[dict[str, Any]] = (record for plan in plans for record in flat(plan, links))
    too_dear = 0
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        while group := list(islice(rows, ROWS_A_GROUP)):
            for row in group:
                if row["budget_vnd"] is not None and row["budget_vnd"] > _GREATEST:
                    row["budget_vnd"] = None
                    too_dear += 1
            writer.write_table(pa.Table.from_pylist(group, schema=schema))
    return [f"{too_dear} budgets beyond 64 bits left out"] if too_dear else []
