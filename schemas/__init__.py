"""The JSON of kehoach as Pydantic models; ``PlanDocument`` is the whole document."""

from typing import Any

from schemas.base import Source
from schemas.checks import InconsistentDocumentError, check_document, violations
from schemas.phrases import warning_phrases, warning_words
from schemas.plan import (
    SCHEMA_VERSION,
    Citation,
    Deadline,
    DeadlineKind,
    Duty,
    Header,
    LegalBasis,
    Objective,
    PageSize,
    PlanDocument,
    PlanTable,
    PlanWarning,
    Quality,
    Recipient,
    RegisteredDeadline,
    Responsibility,
    Role,
    Section,
    Signature,
    SourceFile,
    Target,
    Task,
    Unit,
    UnitRef,
)

__all__ = [
    "SCHEMA_VERSION",
    "Citation",
    "Deadline",
    "DeadlineKind",
    "Duty",
    "Header",
    "InconsistentDocumentError",
    "LegalBasis",
    "Objective",
    "PageSize",
    "PlanDocument",
    "PlanTable",
    "PlanWarning",
    "Quality",
    "Recipient",
    "RegisteredDeadline",
    "Responsibility",
    "Role",
    "Section",
    "Signature",
    "Source",
    "SourceFile",
    "Target",
    "Task",
    "Unit",
    "UnitRef",
    "check_document",
    "json_schema",
    "violations",
    "warning_phrases",
    "warning_words",
]


def json_schema() -> dict[str, Any]:
    """The contract as JSON Schema (draft 2020-12), made from the models."""
    schema = PlanDocument.model_json_schema(mode="serialization")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
