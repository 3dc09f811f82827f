"""The store: what was answered, kept durably in SQLite or PostgreSQL."""

from forms_server.store.reading import Reading
from forms_server.store.records import (
    Consent,
    FormVersion,
    Kept,
    OutboxMail,
    Outcome,
    StoredResponse,
)
from forms_server.store.store import Store, open_store

__all__ = [
    "Consent",
    "FormVersion",
    "Kept",
    "OutboxMail",
    "Outcome",
    "Reading",
    "Store",
    "StoredResponse",
    "open_store",
]
