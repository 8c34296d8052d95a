"""What every model of the contract is, and where on paper a value was read.

Apart from :mod:`.plan`, since page readings know places but nothing of plans: they stay when the contract grows.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

PageNumber = Annotated[int, Field(ge=1)]


class Model(BaseModel):
    """Strict and closed: a wrong type or an unknown field is an error, never a silent change."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, allow_inf_nan=False)


class Source(Model):
    """Where on paper a value was read."""

    page: PageNumber = Field(description="page of the file, from 1")
    bbox: tuple[float, float, float, float] | None = Field(
        default=None, description="x0, y0, x1, y1 in PDF points from the page's top left", strict=False
    )
    confidence: float = Field(default=1.0, ge=0, le=1, description="how sure the reading is")
