"""Settings of a run: defaults, overlaid by ``kehoach.toml``, the environment (``KEHOACH_…``) and command-line flags."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from pipeline.errors import SettingsError

TextLayer = Literal["auto", "ignore", "only"]
CONFIG_FILE = "kehoach.toml"
_PAGES = re.compile(r"\d+(-\d*)?(,\d+(-\d*)?)*")

READING_FIELDS = ("text_layer", "dpi", "max_pixels")
"""Fields that change what a page reads as, and with it the key of a cached reading."""


def default_cache_dir() -> Path:
    """The user's cache folder by the XDG base directory rules."""
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "kehoach"


class Settings(BaseSettings):
    """One frozen object that every step is given; no step reads the environment by itself."""

    model_config = SettingsConfigDict(env_prefix="KEHOACH_", toml_file=CONFIG_FILE, frozen=True, extra="forbid")

    text_layer: TextLayer = Field(
        default="auto",
        description="auto: use a page's text layer where it is Vietnamese, else OCR; ignore: OCR; only: no OCR",
    )
    pages: str | None = Field(default=None, description='pages to read, such as "1-3,7,9-"; all when not given')
    jobs: int = Field(default=0, ge=0, le=256, description="worker processes; 0: one for each CPU this process may use")
    page_seconds: float = Field(default=120, gt=0, description="time limit of one page; then its processes are ended")
    document_seconds: float = Field(default=60, gt=0, description="time limit of the steps behind page reading")
    worker_bytes: int = Field(default=2_000_000_000, ge=500_000_000, description="address space of one worker process")
    max_pages: int = Field(default=2000, ge=1, description="documents with more pages are refused")
    max_pixels: int = Field(
        default=60_000_000, ge=1_000_000, description="most pixels of a page image; A4 at 300 dpi has 8.7 million"
    )
    max_bytes: int = Field(default=500_000_000, ge=1, description="larger files are refused")
    dpi: int = Field(default=300, ge=100, le=600, description="resolution at which pages are rendered for OCR")
    cache_dir: Path | None = Field(
        default_factory=default_cache_dir, description="page readings are kept here; null: nowhere"
    )
    cache_bytes: int = Field(
        default=2_000_000_000, ge=0, description="size limit of the cache; oldest readings go first"
    )
    debug_dir: Path | None = Field(default=None, description="step images and intermediate values are written here")

    @field_validator("pages")
    @classmethod
    def _page_ranges(cls, value: str | None) -> str | None:
        if value is None:
            return None
        value = re.sub(r"\s", "", value)
        if not _PAGES.fullmatch(value):
            raise ValueError('pages are written like "1-3,7,9-"')
        for first, last in _ranges(value):
            if first < 1 or (last is not None and last < first):
                raise ValueError("page ranges count from 1 and run upwards")
        return value

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)

    def page_numbers(self, count: int) -> list[int]:
        """The pages to read of a document of ``count`` pages, in order."""
        if self.pages is None:
            return list(range(1, count + 1))
        ranges = [(first, count if last is None else last) for first, last in _ranges(self.pages)]
        return [n for n in range(1, count + 1) if any(first <= n <= last for first, last in ranges)]

    def reading_key(self) -> dict[str, Any]:
        """The settings that a page reading depends on."""
        return {name: getattr(self, name) for name in READING_FIELDS}

    def workers(self) -> int:
        """How many worker processes to run."""
        if self.jobs:
            return self.jobs
        affinity = getattr(os, "sched_getaffinity", None)  # what a container or taskset leaves us; Linux only
        return len(affinity(0)) if affinity else os.cpu_count() or 1


def _ranges(pages: str) -> list[tuple[int, int | None]]:
    """First and last page of each range; None for an open end."""
    result: list[tuple[int, int | None]] = []
    for part in pages.split(","):
        first, dash, last = part.partition("-")
        result.append((int(first), int(last) if last else None if dash else int(first)))
    return result


def load_settings(**flags: Any) -> Settings:
    """Settings from file, environment and the given flags; a flag that is None counts as not given.

    Raises :class:`SettingsError` naming the field and what is wrong with it.
    """
    try:
        return Settings(**{name: value for name, value in flags.items() if value is not None})
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        name = ".".join(str(part) for part in first["loc"]) or "settings"
        reason = first["msg"].removeprefix("Value error, ")
        raise SettingsError(
            f"setting {name!r}: {reason}",
            remedy=f"correct the option, the variable KEHOACH_{name.upper()} or the line in {CONFIG_FILE}",
        ) from None
    except (ValueError, OSError) as error:
        raise SettingsError(
            f"{CONFIG_FILE} cannot be read: {error}", remedy=f"correct or remove {CONFIG_FILE}"
        ) from None
