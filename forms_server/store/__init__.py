"""The store: what was answered, kept durably in SQLite or PostgreSQL."""

from forms_server.database.job_lock import Job
from forms_server.store.records import (
    Confirmation,
    Consent,
    Corrected,
    Correction,
    FormVersion,
    Kept,
    KeptDay,
    OutboxMail,
    Outcome,
    PackageRows,
    SignUp,
    StandingConsent,
    StoredResponse,
    WaitingMail,
)
from forms_server.store.snapshot import Snapshot
from forms_server.store.store import Store, open_store

__all__ = [
    "Confirmation",
    "Consent",
    "Corrected",
    "Correction",
    "FormVersion",
    "Job",
    "Kept",
    "KeptDay",
    "OutboxMail",
    "Outcome",
    "PackageRows",
    "SignUp",
    "Snapshot",
    "StandingConsent",
    "Store",
    "StoredResponse",
    "WaitingMail",
    "open_store",
]
