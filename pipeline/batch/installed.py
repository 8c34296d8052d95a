"""Imported by the process that workers fork from: which Tesseract there is, asked once for all of them.

Nobody waits for it: the process that converts is still at its own imports.
"""

from __future__ import annotations

import contextlib

from pipeline.errors import ToolError
from pipeline.intake.ocr import installed_models, tesseract_version

with contextlib.suppress(ToolError):  # told for the page that needs it, not here
    installed_models()
    tesseract_version()
