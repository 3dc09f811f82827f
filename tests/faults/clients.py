"""Sixteen people who answer forms and write down, on disk, what they were told."""

from __future__ import annotations

import http.client
import json
import os
import random
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

CLIENTS = 16
TEXTS = ("perché sì", 'una "riga"\ne un’altra', "a,b;c\t\U0001f600", "=1+1", "", "lungo " * 40)
"""What they write: each is kept as it was typed."""
KINDS = {"survey": 74, "signup": 12, "refused": 6, "conflict": 4, "withdraw": 4}
"""What people do, and how often."""


@dataclass
class Sent:
    """What was sent, and what became of it as far as its sender knows.

    `state` is `sent`, `kept`, `refused`, `leaving` (a withdrawal was sent) or `left`.
    """

    form: str
    mark: str
    text: str
    state: str = "sent"
    receipt: str = ""


class Ledger:
    """What a client knows, in a file that is on disk before the client goes on."""

    def __init__(self, path: Path):
        self._file = path.open("a", encoding="utf-8")
        self.path = path

    def write(self, sent: Sent) -> None:
        """Write down what is known of something now."""
        self._file.write(json.dumps(vars(sent), ensure_ascii=False) + "\n")
        self._file.flush()
        os.fdatasync(self._file.fileno())

    def close(self) -> None:
        """Close it."""
        self._file.close()


def read_ledgers(folder: Path) -> list[Sent]:
    """Read what all clients know; the last word on each thing counts."""
    known: dict[str, Sent] = {}
    for path in sorted(folder.glob("ledger-*.jsonl")):
        for line in filter(None, path.read_text(encoding="utf-8").split("\n")):
            sent = Sent(**json.loads(line))
            known[sent.mark] = sent
    return list(known.values())


class Client(threading.Thread):
    """Somebody who answers again and again.

    Args:
        number: which of them.
        crowd: who tells them all when to stop.
    """

    def __init__(self, number: int, crowd: Crowd):
        super().__init__(name=f"client-{number}", daemon=True)
        self._crowd = crowd
        self._random = random.Random(crowd.seed * 1000 + number)
        self.ledger = Ledger(crowd.folder / f"ledger-{number}.jsonl")
        self._kept: list[Sent] = []
        self.requests = 0
        self.faults: list[str] = []

    def run(self) -> None:
        try:
            while self._crowd.goes_on():
                kind = self._random.choices(list(KINDS), list(KINDS.values()))[0]
                getattr(self, f"_{kind}")()
                time.sleep(self._crowd.pause)
        except Exception as error:  # told by the test, which looks
            self.faults.append(repr(error))
        finally:
            self._crowd.left(self)

    def _survey(self) -> None:
        sent = Sent("prova", secrets.token_hex(8), self._random.choice(TEXTS))
        self._answer(sent, {"segno": sent.mark, "testo": sent.text, "consenso": "true"})

    def _signup(self) -> None:
        sent = Sent("gruppo", secrets.token_hex(8), "")
        self._answer(sent, {"segno": sent.mark, "email": f"{sent.mark}@example.org", "consenso": "true"})

    def _refused(self) -> None:
        sent = Sent("prova", secrets.token_hex(8), "x" * 401)
        self._answer(sent, {"segno": sent.mark, "testo": sent.text, "consenso": "true"}, expected=422)

    def _conflict(self) -> None:
        sent = Sent("prova", secrets.token_hex(8), "la prima")
        key = secrets.token_urlsafe(24)
        self._answer(sent, {"segno": sent.mark, "testo": sent.text, "consenso": "true"}, key)
        if sent.state == "kept":
            other = Sent("prova", secrets.token_hex(8), "la seconda")
            self._answer(other, {"segno": other.mark, "testo": other.text, "consenso": "true"}, key, expected=409)

    def _withdraw(self) -> None:
        if not self._kept:
            return
        sent = self._kept.pop(self._random.randrange(len(self._kept)))
        sent.state = "leaving"
        self.ledger.write(sent)
        status, _ = self._until_answered(f"{sent.receipt}/withdraw", "")
        if status in (303, 404):  # not there any more: an earlier try did it
            sent.state = "left"
            self.ledger.write(sent)
        elif status:
            self.faults.append(f"withdraw: {status}")

    def _answer(self, sent: Sent, answers: dict[str, str], key: str = "", expected: int = 303) -> None:
        self.ledger.write(sent)
        body = urlencode({**answers, "_lang": "it", "_key": key or secrets.token_urlsafe(24)})
        status, receipt = self._until_answered(f"/forms/{sent.form}", body, twice=self._random.random() < 0.15)
        if not status:
            return
        if status != expected:
            self.faults.append(f"{sent.form}: {status} instead of {expected}")
        sent.state, sent.receipt = ("kept", receipt) if status == 303 else ("refused", "")
        self.ledger.write(sent)
        if sent.state == "kept" and sent.form == "prova":
            self._kept.append(sent)

    def _until_answered(self, path: str, body: str, *, twice: bool = False) -> tuple[int, str]:
        """Send the same until somebody answers for sure; some give up at the first failure (0)."""
        impatient = self._random.random() < 0.2
        deadline = time.monotonic() + self._crowd.patience
        while time.monotonic() < deadline:
            answers = self._send(path, body, 2 if twice else 1)
            sure = {answer for answer in answers if 0 < answer[0] < 500}
            if len(sure) > 1:
                self.faults.append(f"two answers to the same: {sorted(status for status, _ in sure)}")
            if sure:
                return sure.pop()
            if impatient:
                return 0, ""
            time.sleep(0.1)
        return 0, ""

    def _send(self, path: str, body: str, times: int) -> list[tuple[int, str]]:
        """Send once, or several times at once as a double click does; an answer that did not come is 0."""
        port = self._crowd.port(self._random)
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"http://127.0.0.1:{port}"}
        connections = [http.client.HTTPConnection("127.0.0.1", port, timeout=30) for _ in range(times)]
        answers = []
        try:
            for connection in connections:
                connection.request("POST", path, body, headers)
                self.requests += 1
            for connection in connections:
                answer = connection.getresponse()
                answer.read()
                answers.append((answer.status, answer.headers.get("Location", "")))
        except (OSError, http.client.HTTPException):
            answers.append((0, ""))
        finally:
            for connection in connections:
                connection.close()
        return answers


class Crowd:
    """All clients together.

    Args:
        folder: where the ledgers go.
        port: gives the port to send to.
        seed: makes the same crowd again.
        clients: how many.
        pause: how long each waits between two answers, in seconds.
        patience: how long each goes on sending the same, in seconds.
    """

    def __init__(
        self,
        folder: Path,
        port: Callable[[random.Random], int],
        seed: int,
        *,
        clients: int = CLIENTS,
        pause: float = 0.01,
        patience: float = 60,
    ):
        self.folder, self.port, self.seed, self.pause, self.patience = folder, port, seed, pause, patience
        folder.mkdir(exist_ok=True)
        self._turn = threading.Condition()
        self._paused = False
        self._ended = False
        self._resting = 0
        self._clients = [Client(number, self) for number in range(clients)]
        self._alive = clients

    def start(self) -> None:
        """Begin."""
        for client in self._clients:
            client.start()

    def goes_on(self) -> bool:
        """Wait while all rest; tell whether to go on."""
        with self._turn:
            self._resting += 1
            self._turn.notify_all()
            while self._paused and not self._ended:
                self._turn.wait()
            self._resting -= 1
            return not self._ended

    def left(self, client: Client) -> None:
        """Note that a client has ended."""
        with self._turn:
            self._alive -= 1
            self._turn.notify_all()

    def rest(self) -> None:
        """Let everybody end what they are at, and wait."""
        with self._turn:
            self._paused = True
            rested = self._turn.wait_for(lambda: self._resting >= self._alive, self.patience + 30)
            assert rested, "somebody is still sending"

    def resume(self) -> None:
        """Let everybody go on."""
        with self._turn:
            self._paused = False
            self._turn.notify_all()

    def end(self) -> None:
        """Let everybody end what they are at, and go."""
        with self._turn:
            self._ended = True
            self._paused = False
            self._turn.notify_all()
        for client in self._clients:
            client.join(self.patience + 30)
            client.ledger.close()

    @property
    def requests(self) -> int:
        """How many requests were sent."""
        return sum(client.requests for client in self._clients)

    @property
    def faults(self) -> list[str]:
        """What was answered that should never be."""
        return [fault for client in self._clients for fault in client.faults]
