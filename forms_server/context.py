"""All that the views need, put together once."""

from __future__ import annotations

from dataclasses import dataclass

from forms_server.crypto.tokens import Secret
from forms_server.form_registry import ServedForms
from forms_server.form_watch import FormWatch
from forms_server.http.metrics import Metrics
from forms_server.http.origin import OriginCheck
from forms_server.http.pages import Pages
from forms_server.http.rate_limit import RateLimiter
from forms_server.http.spam_trap import SpamTrap
from forms_server.privacy.retention import Retention
from forms_server.settings import Settings
from forms_server.store import Store
from forms_server.submission.intake import Intake


@dataclass(frozen=True)
class Service:
    """The parts of the service; a view is given this and reads nothing else."""

    settings: Settings
    store: Store
    secret: Secret
    forms: ServedForms
    watch: FormWatch
    intake: Intake
    origin: OriginCheck
    rate_limiter: RateLimiter
    spam_trap: SpamTrap
    pages: Pages
    retention: Retention
    metrics: Metrics
