"""Traffic: what is counted of a log, and what never is."""

from __future__ import annotations

import gzip
import re
from datetime import date
from pathlib import Path

from forms_server.publishing.traffic import digest_of_month, read_logs, read_traffic, write_traffic

PERSON = "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"


def line(path: str = "/profilo/", *, status: int = 200, agent: str = PERSON, day: int = 3, referrer: str = "-") -> str:
    asked = f'203.0.113.9 - - [{day:02}/Nov/2026:10:00:00 +0100] "GET {path} HTTP/1.1"'
    return f'{asked} {status} 512 "{referrer}" "{agent}"\n'


def logged(folder: Path, *lines: str) -> Path:
    path = folder / "access.log"
    path.write_text("".join(lines), encoding="utf-8")
    return path


def test_views_are_counted_by_day_and_page(tmp_path: Path) -> None:
    read = read_logs([logged(tmp_path, line(), line(), line("/"), line(day=4))])
    assert read.pages == {
        (date(2026, 11, 3), "/profilo/"): 2,
        (date(2026, 11, 3), "/"): 1,
        (date(2026, 11, 4), "/profilo/"): 1,
    }


def test_programs_files_errors_and_the_service_are_left_out(tmp_path: Path) -> None:
    read = read_logs(
        [
            logged(
                tmp_path,
                line(agent="Googlebot/2.1"),
                line(agent="-"),
                line("/assets/x.css"),
                line(status=404),
                line("/forms/voto/receipt/segreto/"),
                "not a line of a log\n",
            )
        ]
    )
    assert (read.pages, read.bots, read.unread) == ({}, 2, 1)


def test_a_compressed_log_counts_too(tmp_path: Path) -> None:
    path = tmp_path / "access.log.gz"
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.write(line())
    assert sum(read_logs([path]).pages.values()) == 1


def test_neither_addresses_nor_queries_nor_paths_of_other_sites_are_kept(tmp_path: Path) -> None:
    lines = [line("/profilo/?da=ada", referrer="https://www.example.org/u/ada?q=1") for _ in range(9)]
    path = write_traffic(tmp_path, read_logs([logged(tmp_path, *lines)]))
    assert path.read_text(encoding="utf-8") == (
        "day,kind,name,views\n2026-11-03,page,/profilo/,9\n2026-11-03,referrer,example.org,9\n"
    )


def test_few_views_are_not_written(tmp_path: Path) -> None:
    path = write_traffic(tmp_path, read_logs([logged(tmp_path, *[line()] * 4, *[line("/")] * 5)]))
    assert [(name, views) for _, _, name, views in read_traffic(path)] == [("/", 5)]


def test_a_day_that_is_read_again_replaces_itself(tmp_path: Path) -> None:
    for _ in range(2):
        write_traffic(tmp_path, read_logs([logged(tmp_path, *[line()] * 6)]))
    path = write_traffic(tmp_path, read_logs([logged(tmp_path, *[line(day=4)] * 7)]))
    assert [views for _, _, _, views in read_traffic(path)] == [6, 7]


def test_the_digest_of_a_month_lists_the_most_read(tmp_path: Path) -> None:
    lines = [*[line()] * 6, *[line("/")] * 8, *[line(day=4)] * 5]
    write_traffic(tmp_path, read_logs([logged(tmp_path, *lines)]))
    assert "### Le pagine più lette\n\n- /profilo/: 11\n- /: 8\n" in digest_of_month(tmp_path, "2026-11", "it")
    assert "### The most read pages\n\n- —\n" in digest_of_month(tmp_path, "2026-10", "en")


def test_no_page_and_no_site_can_be_run_as_a_formula(tmp_path: Path) -> None:
    lines = [line("/a;=1+1;/", referrer="http://=cmd|x/") for _ in range(9)]
    read = read_logs([logged(tmp_path, *lines)])
    path = write_traffic(tmp_path, read)
    text = path.read_text(encoding="utf-8")
    assert not [cell for cell in re.split("[,;\n]", text) if cell.startswith(tuple("=+-@"))]
    names = {name for _, _, name, _ in read_traffic(path)}
    assert names == {name for counted in (read.pages, read.referrers) for _, name in counted}
    write_traffic(tmp_path, read)
    assert path.read_text(encoding="utf-8") == text
