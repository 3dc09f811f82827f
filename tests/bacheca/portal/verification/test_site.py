"""`bacheca.portal.verification.site`: a whole site is looked at, and every problem of it is told in one run."""

from __future__ import annotations

from pathlib import Path

from bacheca.portal.verification.site import NEEDED, look_at

LIMITS = {"page": 10, "site": 1}
PAGE = "<!doctype html><title>x</title><p>x</p>\n"


def written(site: Path, **more: str) -> Path:
    for name in NEEDED:
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_text(PAGE if name.endswith(".html") else "<x/>")
    for name, text in more.items():
        (site / name.replace("__", ".")).write_text(text)
    return site


def found(site: Path) -> list[tuple[str, int, str]]:
    return [(problem.path, problem.line, problem.code) for problem in look_at(site, LIMITS)]


def test_a_site_that_is_built_is_sound(site: Path) -> None:
    assert list(look_at(site, {"page": 1024, "site": 2048})) == []


def test_every_problem_is_told_at_its_place(tmp_path: Path) -> None:
    site = written(tmp_path, a__html=PAGE + "<div>\n", b__json="{", c__ics="x", e__xml="")
    (site / "d.html").write_bytes(b"\xff")
    (site / "404.html").unlink()
    assert found(site) == [
        ("a.html", 2, "HTML_OPEN"),
        ("b.json", 1, "SITE_FILE"),
        ("c.ics", 1, "SITE_FILE"),
        ("d.html", 1, "SITE_FILE"),
        ("404.html", 1, "DATA_LACKS"),
    ]


def test_a_page_and_a_site_are_no_larger_than_the_settings_say(tmp_path: Path) -> None:
    assert found(written(tmp_path, a__html=PAGE + "x" * 10 * 1024)) == [("a.html", 1, "SITE_PAGE_HEAVY")]
    (tmp_path / "a.html").unlink()
    (tmp_path / "b.bin").write_bytes(b"x" * 1024**2)
    assert found(tmp_path) == [(".", 1, "SITE_HEAVY")]
