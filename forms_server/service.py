"""All that the views need, put together once."""

from __future__ import annotations

from dataclasses import dataclass

from forms_server.form_watch import FormWatch
from forms_server.guard import Guard
from forms_server.intake import Intake
from forms_server.metrics import Metrics
from forms_server.pages import Pages
from forms_server.retention import Retention
from forms_server.secret import Secret
from forms_server.served import ServedForms
from forms_server.settings import Settings
from forms_server.store import Store


@dataclass(frozen=True)
class Service:
    """The parts of the service; a view is given this and reads nothing else."""

    settings: Settings
    store: Store
    secret: Secret
    forms: ServedForms
    watch: FormWatch
    intake: Intake
    guard: Guard
    pages: Pages
    retention: Retention
    metrics: Metrics
