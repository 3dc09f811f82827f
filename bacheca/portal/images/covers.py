"""The cover of an article: a drawing composed of its topic and of its name, the same in every build.

The topic gives the ground, the main piece and its companions; the name, as a seed, where they stand. The main piece
stays in the middle, so that any cut between 3:1 and 1:1 keeps it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from random import Random

from bacheca.portal.images.drawn_pieces import Placed, pieces, template


@dataclass(frozen=True)
class Motif:
    """What covers of a topic are made of.

    Args:
        words: those by which a topic is known, in the languages of the portal.
        ground: the class of the ground.
        main: the piece in the middle.
        companions: the pieces around it.
    """

    words: frozenset[str]
    ground: str
    main: str
    companions: tuple[str, ...]


def _motif(words: str, ground: str, main: str, companions: str) -> Motif:
    return Motif(frozenset(words.split()), f"k-ground-{ground}", main, tuple(companions.split()))


MOTIFS = (
    _motif("ascolto listening zuhören écoute escucha", "olive", "wave", "bubble ask note bubble bars people"),
    _motif("regole rules regeln règles reglas", "clay", "rule", "check bubble ticket note tabs"),
    _motif("notte night nacht nuit noche", "clay", "night", "clock bubble check note ask"),
    _motif(
        "marketing pubblicità advertising werbung publicité publicidad", "sun", "tabs", "sheet people ask note bubble"
    ),
    _motif("misure numeri measures numbers zahlen mesures medidas", "olive", "bars", "check lens note sheet bubble"),
    _motif(
        "incontri eventi meetings events treffen rencontres encuentros",
        "clay",
        "cal",
        "badge people bubble note ticket",
    ),
    _motif("formazione training weiterbildung formation formación", "sun", "steps", "index sheet check badge"),
    _motif("lavoro professione work profession beruf métier oficio", "olive", "badge", "clock tabs bubble check note"),
)
OF_ANY_TOPIC = tuple(motif for motif in MOTIFS if motif.main in ("wave", "tabs", "cal", "steps", "badge"))
"""What a topic gets that says none of their words."""

FILLING = ("note", "bubble", "tabs", "check", "sheet", "note")
"""What fills the places that companions leave."""

UNPINNED = frozenset(("bubble", "ask", "people", "clock", "lens", "wave", "steps", "ticket"))
WHOLE = frozenset(("people",))
"""The pieces that do not bleed off at the sides and at the foot, as papers may."""

PINNED_MAIN = frozenset(("rule", "night", "bars", "badge", "tabs"))
THREADED_MAIN = frozenset(("rule", "night", "bars", "badge", "cal"))
PINS = ("k-accent", "k-olive", "k-ink", "k-accent")
THREADS = 2


@dataclass(frozen=True)
class Shape:
    """A size of covers, and where their pieces may stand.

    Args:
        width: in units of the drawing.
        height: likewise.
        main: the most of the width that the main piece takes.
        most: the most of the width and of the height that another piece takes.
        places: the middles of the other pieces, as parts of width and height.
    """

    width: int
    height: int
    main: float
    most: tuple[float, float]
    places: tuple[tuple[float, float], ...]


SHAPES = {
    "wide": Shape(
        *(1200, 400, 0.30, (0.21, 0.58)),
        ((0.29, 0.36), (0.71, 0.62), (0.13, 0.62), (0.87, 0.36), (0.05, 0.2), (0.96, 0.78), (0.27, 0.84), (0.73, 0.16)),
    ),
    "card": Shape(720, 480, 0.36, (0.25, 0.44), ((0.15, 0.25), (0.86, 0.28), (0.15, 0.76), (0.85, 0.77), (0.5, 0.02))),
    "upright": Shape(
        388, 616, 0.56, (0.42, 0.24), ((0.22, 0.16), (0.78, 0.18), (0.22, 0.84), (0.78, 0.82), (0.5, 0.98))
    ),
}
GAP = 24
"""How far pieces like to stand from each other."""

LEAST_GAP = 6
TRIES = 60


@lru_cache(maxsize=512)
def cover(topic: str, name: str, shape: str) -> str:
    """Compose a cover.

    Args:
        topic: the article's topic; may be empty.
        name: what tells it from others.
        shape: a key of `SHAPES`.

    Returns:
        Its SVG, which the theme's style sheet colours and no assistive technology reads.
    """
    size, motif = SHAPES[shape], motif_of(topic)
    random = Random(int(hashlib.sha256(f"{topic}\0{name}".encode()).hexdigest()[:12], 16))  # noqa: S311  a drawing
    main = _main_piece(motif, size, random)
    around = _around(motif, size, main, random)
    threads = _threads(main, around) if motif.main in THREADED_MAIN else []
    return template("cover.svg").render(
        size=size, ground=motif.ground, around=around, main=main, threads=threads, shape=shape
    )


def motif_of(topic: str) -> Motif:
    """Give the motif of a topic: by its words, or else one that stays its own."""
    words = set(re.findall(r"\w+", topic.casefold()))
    known = next((motif for motif in MOTIFS if motif.words & words), None)
    return known or OF_ANY_TOPIC[hashlib.sha256(topic.encode()).digest()[0] % len(OF_ANY_TOPIC)]


def _main_piece(motif: Motif, size: Shape, random: Random) -> Placed:
    piece = pieces()[motif.main]
    scale = min(2.1, size.height * 0.66 / piece.height, size.width * size.main / piece.width)
    x, y = size.width / 2 + random.uniform(-50, 50), size.height / 2 + random.uniform(-6, 14)
    pin = PINS[0] if motif.main in PINNED_MAIN else ""
    return Placed(motif.main, x, y, scale, random.uniform(-3, 3), pin)


def _around(motif: Motif, size: Shape, main: Placed, random: Random) -> list[Placed]:
    """Give the pieces around the main one: each in the place where it stands freest of some tries, or left out."""
    waiting, pins = list(motif.companions), list(PINS)
    random.shuffle(waiting)
    random.shuffle(pins)
    waiting += [name for name in FILLING if name != motif.main]
    placed: list[Placed] = []
    for place in size.places:
        found = _freest(waiting[0], place, size, [main, *placed], random)
        if found is None:
            continue
        name = waiting.pop(0)
        turn = random.uniform(2, 6) * random.choice((-1, 1))
        pin = "" if name in UNPINNED else pins[len(placed) % len(pins)]
        placed.append(Placed(name, found.x, found.y, found.scale, turn, pin))
    return placed


def _freest(
    name: str, place: tuple[float, float], size: Shape, others: Iterable[Placed], random: Random
) -> Placed | None:
    piece = pieces()[name]
    best, least = None, 200.0
    for attempt in range(TRIES):
        scale = random.uniform(1.05, 1.4) * (1 - 0.3 * attempt / TRIES)
        scale = min(scale, size.width * size.most[0] / piece.width, size.height * size.most[1] / piece.height)
        width, height = piece.width * scale, piece.height * scale
        x = size.width * (place[0] + random.uniform(-0.07, 0.07))
        y = size.height * (place[1] + random.uniform(-0.2, 0.2))
        beyond = 0.12 if name not in WHOLE else -0.55
        x = max(-width * beyond, min(size.width + width * beyond, x))
        y = max(height / 2 + 14, min(size.height + height * beyond, y))
        tried = Placed(name, x, y, scale)
        gap = min(_gap(tried, other) for other in others)
        if gap > LEAST_GAP and abs(gap - GAP) < least:
            best, least = tried, abs(gap - GAP)
        if least < LEAST_GAP:
            break
    return best


def _gap(one: Placed, other: Placed) -> float:
    across = abs(one.x - other.x) - one.half[0] - other.half[0]
    down = abs(one.y - other.y) - one.half[1] - other.half[1]
    return max(across, down)


def _threads(main: Placed, around: Iterable[Placed]) -> list[tuple[float, float, float, float, float, float]]:
    """Give the threads from the nearest pins to that of the main piece: both ends, and what they sag to."""
    to_x, to_y = main.x, main.y - main.pin_height * main.scale
    pinned = sorted((piece for piece in around if piece.pin), key=lambda piece: abs(piece.x - main.x))
    ends = [(piece.x, piece.y - piece.pin_height * piece.scale) for piece in pinned[:THREADS]]
    return [(x, y, (x + to_x) / 2, max(y, to_y) + 34, to_x, to_y) for x, y in ends]
