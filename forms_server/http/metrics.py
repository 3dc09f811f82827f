"""What the service counts of itself, for Prometheus: never whose answers they were, nor what they said."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest, values
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from forms_server.errors import StoreUnavailable
from forms_server.form_watch import FormWatch
from forms_server.store import Store

BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
"""Where the classes of how long a request took end, in seconds."""

LETTERS = ("waiting", "dead")
"""What a mail of the outbox can be while somebody should know of it."""


class Metrics:
    """Counts what the service does, and looks into the store when it is asked.

    Args:
        store: whose outbox and quarantine are looked into.
        watch: knows the forms that are served, and those that cannot be as their files are now.
        packages: the folder of the packages; the age of each tells when it was last exported.
        now: the time, with its zone.
        counts: a folder of files in which several processes count together; without, this one counts alone.
    """

    def __init__(
        self,
        store: Store,
        watch: FormWatch,
        packages: Path,
        now: Callable[[], datetime],
        counts: Path | None = None,
    ):
        self._registry = CollectorRegistry()
        registry = self._registry if counts is None else None
        if counts is not None:
            # The library asks the environment, and nobody else, for the folder whenever it opens a file there.
            os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(counts)
            values.ValueClass = values.MultiProcessValue()  # type: ignore[no-untyped-call]
            MultiProcessCollector(self._registry, str(counts))  # type: ignore[no-untyped-call]
        self._accepted = Counter("bacheca_posts_accepted", "Posts whose answers are kept.", ["form"], registry=registry)
        self._refused = Counter(
            "bacheca_posts_refused",
            "Posts whose answers are not kept, by the reason.",
            ["form", "reason"],
            registry=registry,
        )
        self._seconds = Histogram(
            "bacheca_request_seconds",
            "How long requests took.",
            ["method", "route", "status"],
            buckets=BUCKETS,
            registry=registry,
        )
        for name in watch.forms:
            self._accepted.labels(name)
        self._registry.register(_State(store, watch, packages, now))

    def accepted(self, form: str) -> None:
        """Count a post whose answers are kept, now or before."""
        self._accepted.labels(form).inc()

    def refused(self, form: str, reason: str) -> None:
        """Count a post whose answers are not kept; `reason` is the code of an obstacle or of a problem."""
        self._refused.labels(form, reason).inc()

    def observe(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count a request; `route` is a rule of the service's, never the address that was asked for."""
        self._seconds.labels(method, route, str(status)).observe(seconds)

    def text(self) -> bytes:
        """Give all of it as Prometheus reads it."""
        return generate_latest(self._registry)


class _State(Collector):
    """What stands in the store and on the disk at the moment of asking."""

    def __init__(self, store: Store, watch: FormWatch, packages: Path, now: Callable[[], datetime]):
        self._store = store
        self._watch = watch
        self._packages = packages
        self._now = now

    def describe(self) -> Iterator[GaugeMetricFamily]:
        """Name nothing beforehand: the store is not asked before somebody wants to know."""
        yield from ()

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Look."""
        up = GaugeMetricFamily("bacheca_store_up", "Whether the database answers.")
        try:
            counted = list(self._of_store())
        except StoreUnavailable:
            counted = []
        up.add_metric([], bool(counted))
        yield up
        yield from counted
        yield self._of_packages()
        refused = GaugeMetricFamily(
            "bacheca_forms_refused", "Forms that cannot be served as their files are now.", labels=["form"]
        )
        for form in self._watch.refused:
            refused.add_metric([form], 1)
        yield refused

    def _of_store(self) -> Iterator[GaugeMetricFamily]:
        letters: Mapping[str, int] = self._store.outbox.stuck(self._now())
        outbox = GaugeMetricFamily("bacheca_outbox_letters", "Mails in the outbox.", labels=["state"])
        for state in LETTERS:
            outbox.add_metric([state], letters.get(state, 0))
        yield outbox
        quarantined = GaugeMetricFamily(
            "bacheca_responses_quarantined", "Responses that wait for a decision.", labels=["form"]
        )
        # a form whose file is gone may still have some
        for form, count in self._store.quarantine.counts({*self._watch.forms, *self._store.forms()}).items():
            quarantined.add_metric([form], count)
        yield quarantined

    def _of_packages(self) -> GaugeMetricFamily:
        age = GaugeMetricFamily(
            "bacheca_export_age_seconds", "How long ago a form's package was written.", labels=["form"]
        )
        for form in sorted(
            {*self._watch.forms, *(path.name for path in self._packages.glob("[!.]*") if path.is_dir())}
        ):
            try:
                written = (self._packages / form / "datapackage.json").stat().st_mtime
            except OSError:
                continue  # never exported: no age
            age.add_metric([form], max(0.0, self._now().timestamp() - written))
        return age
