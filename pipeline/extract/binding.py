"""spaCy without its command line.

``import spacy`` loads all commands of ``python -m spacy`` too, with web clients and template engines behind them: half
of the time that it takes. None of them is asked for here. Imported before any module of spaCy, by the package itself.
"""

from __future__ import annotations

import sys
from types import ModuleType

if "spacy" not in sys.modules:
    commands, info = ModuleType("spacy.cli"), ModuleType("spacy.cli.info")
    info.info = None  # type: ignore[attr-defined]  # all that spaCy's own package takes of its commands
    sys.modules.update({"spacy.cli": commands, "spacy.cli.info": info})
    try:
        import spacy  # noqa: F401
    finally:
        del sys.modules["spacy.cli"], sys.modules["spacy.cli.info"]
