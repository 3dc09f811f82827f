"""The crash protocol: people send, something is killed, and every invariant is looked at, again and again."""

from __future__ import annotations

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from tests.faults.clients import CLIENTS, Crowd, read_ledgers
from tests.faults.house import House, Service, free_port
from tests.faults.invariants import Reader, broken
from tests.faults.postgresql import Postgresql

SERVICE_POINTS = {"before-insert": 20, "before-commit": 20, "before-answer": 20}
EXPORT_POINTS = {"mid-csv": 60, "before-rename": 8, "after-rename": 8}
"""The named points, and by which passage at the latest the process dies there."""


@dataclass
class Report:
    """What a run of the protocol did, and found."""

    rounds: Counter[str] = field(default_factory=Counter)
    found: list[str] = field(default_factory=list)
    requests: int = 0
    acknowledged: int = 0
    refused: int = 0
    withdrawn: int = 0
    unknown: int = 0
    readings: int = 0
    seconds: float = 0

    def add(self, other: Report) -> None:
        """Count in what another run did."""
        for name in vars(self):
            setattr(self, name, getattr(self, name) + getattr(other, name))

    @property
    def kills(self) -> int:
        """How many processes were killed."""
        return sum(self.rounds.values())

    def __str__(self) -> str:
        lost = sum("lost" in fault for fault in self.found)
        twice = sum("times" in fault for fault in self.found)
        kinds = ", ".join(f"{kind} {count}" for kind, count in sorted(self.rounds.items()))
        return (
            f"{self.kills} kills ({kinds}) in {self.seconds:.0f} s: {self.requests} requests, {self.acknowledged}"
            f" acknowledged, {self.refused} refused, {self.withdrawn} withdrawn, {self.unknown} never answered;"
            f" lost {lost}, duplicated {twice}, other faults {len(self.found) - lost - twice};"
            f" the package was read {self.readings} times"
        )


class Protocol:
    """Runs rounds on a service.

    Args:
        house: the service.
        seed: makes the same choices again.
        postgresql: its database, where it may be killed.
        moments: from when to when after a start a process is killed, in seconds.
        bug: a fault made on purpose.
        clients: how many people send.
    """

    def __init__(
        self,
        house: House,
        seed: int,
        *,
        postgresql: Postgresql | None = None,
        moments: tuple[float, float] = (0.02, 0.25),
        bug: str = "",
        clients: int = CLIENTS,
        pause: float = 0.03,
    ):
        self._house, self._postgresql, self._moments, self._bug = house, postgresql, moments, bug
        self._random = random.Random(seed)
        self._port = free_port()
        self._ledgers = house.folder / "ledgers"
        self._crowd = Crowd(self._ledgers, lambda _: self._port, seed, clients=clients, pause=pause)
        self.report = Report()

    def run(self, kills: Iterable[str]) -> Report:
        """Run a round for each kill: `service`, its `first` process, a `part` of it, `exporter`, `postgresql`, a point.

        Returns:
            What was done and found; it ends at the first round in which something does not hold.
        """
        began = time.monotonic()
        reader = Reader(self._house.data / "packages" / "prova")
        service: Service | None = None
        try:
            for number, kill in enumerate(kills):
                armed = self._armed(kill, SERVICE_POINTS)
                if service is None or armed:
                    if service:  # it is replaced by one that will die at the point
                        service.program.kill()
                    service = self._house.serve(self._port, failpoint=armed, bug=self._bug)
                if number == 0:
                    self._crowd.start()
                    reader.start()
                self._crowd.resume()
                service = self._killed(kill, service)
                self.report.rounds[kill] += 1
                if service is None:
                    service = self._house.serve(self._port, bug=self._bug)
                self._crowd.rest()
                self.report.found += broken(self._house, self._ledgers)
                if self.report.found:
                    break
        finally:
            self._crowd.end()
            reader.end()
            if service:
                service.stop()
            self._sum_up(reader)
            self.report.seconds = time.monotonic() - began
        return self.report

    def _armed(self, kill: str, points: dict[str, int]) -> tuple[str, int] | None:
        return (kill, self._random.randint(1, points[kill])) if kill in points else None

    def _killed(self, kill: str, service: Service) -> Service | None:
        """Kill something; give the service that still runs."""
        if kill in SERVICE_POINTS:
            code = service.program.wait()
            assert code == -9, f"the service ended by itself: {code}"
            return None
        if kill == "exporter" or kill in EXPORT_POINTS:
            exporter = self._house.start("export", failpoint=self._armed(kill, EXPORT_POINTS), bug=self._bug)
            if kill == "exporter":
                time.sleep(self._random.uniform(0, self._moments[1]))
                exporter.kill()
            else:
                exporter.wait()
            return service
        time.sleep(self._random.uniform(*self._moments))
        if kill == "postgresql":
            assert self._postgresql
            self._postgresql.kill()
            self._postgresql.start()
            return service
        if kill == "part":  # another takes its place
            os.kill(self._random.choice(service.program.parts()), signal.SIGKILL)
            return service
        if kill == "first":  # the others end
            service.program.signal(signal.SIGKILL)
            service.program.wait()
            return None
        service.program.kill()
        return None

    def _sum_up(self, reader: Reader) -> None:
        states = Counter(sent.state for sent in read_ledgers(self._ledgers))
        report = self.report
        report.requests = self._crowd.requests
        report.acknowledged = states["kept"] + states["leaving"] + states["left"]
        report.refused, report.unknown, report.withdrawn = states["refused"], states["sent"], states["left"]
        report.readings = reader.times
        report.found += [*dict.fromkeys(reader.found), *self._crowd.faults]
