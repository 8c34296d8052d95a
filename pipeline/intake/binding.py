"""pytesseract without pandas.

Where pandas is installed, pytesseract loads it for a form of answer that is never asked of it here: half a second of
each process, before any page is read. Import it from this module.
"""

from __future__ import annotations

import sys

if "pandas" in sys.modules:
    import pytesseract
else:
    # "None" makes Python's import say that the module is not there (Python reference, 5.3.1, the module cache).
    sys.modules["pandas"] = None  # type: ignore[assignment]
    try:
        import pytesseract
    finally:
        del sys.modules["pandas"]

__all__ = ["pytesseract"]
