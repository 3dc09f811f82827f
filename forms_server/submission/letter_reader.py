"""Letters are read in a process of their own: what one of them makes it do ends with it, and the next one is read."""

from __future__ import annotations

from multiprocessing import get_context
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Self

from bacheca.forms import limits
from bacheca.forms.errors import LetterRefused
from bacheca.forms.submission.mime import Letter, read_letter

HARD = {"limit": limits.LETTER_SECONDS}


class LetterReader:
    """Reads letters, for as long as a `with` lasts.

    Args:
        seconds: how long one may take.
    """

    def __init__(self, seconds: float = limits.LETTER_SECONDS):
        self.seconds = seconds
        self._context = get_context("spawn")

    def __enter__(self) -> Self:
        self._start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._end()

    @property
    def process_id(self) -> int:
        """The number of the process that reads."""
        return self._process.pid or 0

    def read(self, raw: bytes) -> Letter:
        """Read a letter, as `read_letter` does.

        Raises:
            LetterRefused: it is beyond a limit, or reading it took too long or did not end well.
        """
        try:
            self._pipe.send_bytes(raw[: limits.LETTER + 1])
            if self._pipe.poll(self.seconds):
                done = self._pipe.recv()
                if isinstance(done, Letter):
                    return done
                raise done
        except (EOFError, OSError):
            pass  # it died of this letter
        self._end()
        self._start()
        raise LetterRefused("letter-hard", HARD)

    def _start(self) -> None:
        self._pipe, theirs = self._context.Pipe()
        self._process = self._context.Process(target=_read_all, args=(theirs,), daemon=True)
        self._process.start()
        theirs.close()

    def _end(self) -> None:
        self._pipe.close()
        self._process.kill()
        self._process.join()


def _read_all(pipe: Connection) -> None:
    import resource  # noqa: PLC0415  not on Windows, where a preview imports this module too

    resource.setrlimit(resource.RLIMIT_AS, (limits.LETTER_MEMORY, limits.LETTER_MEMORY))
    while True:
        try:
            raw = pipe.recv_bytes()
        except EOFError:
            return
        pipe.send(_read(raw))


def _read(raw: bytes) -> Letter | LetterRefused:
    try:
        return read_letter(raw)
    except LetterRefused as refused:
        return refused
    except Exception:  # whatever a parser makes of bytes that nobody vouches for
        return LetterRefused("letter-hard", HARD)
