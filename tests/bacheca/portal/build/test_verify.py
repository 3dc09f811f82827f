"""`bacheca.portal.build.verify`: whatever a file of the site refers to is there, by its name and with its capitals."""

from __future__ import annotations

from pathlib import Path

import pytest

from bacheca.portal.build.site_files import pieces_of
from bacheca.portal.build.verify import verify
from bacheca.portal.cache.store import Cache
from bacheca.portal.postprocess.references import References, references_of

URL = "https://prova.example.org/portale/"
FILES = {
    "index.html": '<h1 id="su">x</h1>',
    "a/index.html": '<h2 id="qui è">x</h2>',
    "en/index.html": "",
    "404.html": "",
    "assets/Foto.png": "",
    "assets/disegno.svg": '<svg><symbol id="uno"/></svg>',
    "assets/style.css": "",
    "search/search_index.js": """searchIndex(JSON.parse('{"entries":[]}'));\n""",
}
SOUND = [
    "", "#", "#top", "#su", "a", "a/", "./a/?q=1#qui%20%C3%A8", "/portale/a/#:~:text=x", "../../portale/a/",
    "//prova.example.org/portale/a/", "https://prova.example.org/portale/", "http://prova.example.org/portale/a/",
    "../", "../altro/", "/altro/", "https://altrove.example.org/x", "mailto:a@example.org", "tel:+39",
    "data:image/png;base64,x", "javascript:void(0)", "assets/Foto.png", "assets/%46oto.png", "assets/disegno.svg#uno",
    "assets/style.css?x", "en", "index.html#su", "/forms/prova", "/forms/prova/results/datapackage.json", "/healthz",
    "/forms/openapi.json", "bacheca:alternate",
]  # fmt: skip
DEAD = [
    ("b/", "/portale/b/"),
    ("a/b/", "/portale/a/b/"),
    ("assets/foto.png", "/portale/assets/foto.png"),
    ("assets\\Foto.png", "/portale/assets\\Foto.png"),
    ("assets/", "/portale/assets/"),
    ("https://prova.example.org/portale/c", "/portale/c"),
    ("/portale/en/a/", "/portale/en/a/"),
    ("#giù", "/portale/#giù"),
    ("a/#su", "/portale/a/#su"),
    ("a/#Qui%20%C3%A8", "/portale/a/#Qui è"),
    ("assets/disegno.svg#due", "/portale/assets/disegno.svg#due"),
    ("/forms/altra", "/forms/altra"),
    ("/forms/", "/forms/"),
    ("http://[", "http://["),
]


def written(site: Path, **more: str) -> Path:
    for path, text in {**FILES, **{name.replace("__", "/"): text for name, text in more.items()}}.items():
        (site / path).parent.mkdir(parents=True, exist_ok=True)
        (site / path).write_text(text)
    return site


def found(site: Path) -> list[tuple[str, int, str, str]]:
    problems = verify(pieces_of(site), URL, ["prova"], Cache(site.with_name("kept")))
    return [(problem.path, problem.line, problem.code, str(problem.values.get("target"))) for problem in problems]


def test_what_is_there_is_no_problem(tmp_path: Path) -> None:
    site = written(tmp_path / "site")
    (site / "index.html").write_text('<h1 id="su">x</h1>' + "".join(f'<a href="{address}">x</a>' for address in SOUND))
    assert found(site) == []


@pytest.mark.parametrize(("address", "target"), DEAD)
def test_what_is_not_there_is_named(tmp_path: Path, address: str, target: str) -> None:
    site = written(tmp_path / "site")
    (site / "index.html").write_text(f'<h1 id="su">x</h1>\n<p>\n<a href="{address}">x</a>')
    code = "REFERENCE_NAME" if "#" in address else "REFERENCE_DEAD"
    assert found(site) == [("index.html", 3, code, target)]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("sitemap.xml", "<urlset><loc>https://prova.example.org/portale/b/</loc></urlset>"),
        ("a/feed.json", '{"items": [{"url": "https://prova.example.org/portale/b/"}]}'),
        ("search/search_index.js", """searchIndex(JSON.parse('{"entries":[{"location":"b/"}]}'));\n"""),
        ("site.webmanifest", '{"start_url": "b/"}'),
        ("a/x.ics", "URL:https://prova.example.org/portale/b/\n"),
        (
            "bacheca.json",
            '{"community": {"name": "a", "email": "b"}, "languages": {"it": {"home": "/portale/b/"}}, "forms": {}}',
        ),
        (
            "en/index.html",
            '<script type="application/ld+json">{"url": "https://prova.example.org/portale/b/"}</script>',
        ),
        ("en/index.html", '<meta property="og:image" content="https://prova.example.org/portale/b/">'),
        ("assets/style.css", "p { background: url(../b/) }"),
        ("404.html", '<a href="/portale/b/">x</a>'),
        ("robots.txt", "Sitemap: https://prova.example.org/portale/b/\n"),
    ],
)
def test_files_of_every_kind_are_followed(tmp_path: Path, path: str, text: str) -> None:
    site = written(tmp_path / "site", **{path: text})
    assert [(where, target) for where, _, _, target in found(site)] == [(path, "/portale/b/")]
    assert found(written(tmp_path / "site", b__index="", **{"b/index.html": ""})) == []


def test_a_page_for_any_address_may_name_nothing_by_its_way(tmp_path: Path) -> None:
    site = written(tmp_path / "site", **{"404.html": '<p id="x"><a href="#x">x</a><a href="a/">x</a>'})
    assert [target for *_, target in found(site)] == ["/portale/any/where/a/"]


def test_what_a_thousand_pages_lack_is_said_once(tmp_path: Path) -> None:
    pages = {f"p{number}/index.html": '<link rel="stylesheet" href="../no.css">' for number in range(100)}
    (problem,) = verify(pieces_of(written(tmp_path / "site", **pages)), URL, [], Cache(tmp_path / "kept"))
    assert problem.values["pages"] == 100
    assert "p0/index.html:1: REFERENCE_DEAD ../no.css porta a /portale/no.css" in problem.line_of_text("it")


def test_what_did_not_change_is_not_read_again_and_what_went_is_missed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = written(tmp_path / "site", **{"index.html": '<a href="a/">x</a>'})
    assert found(site) == []
    read: list[str] = []

    def counted(path: str, text: str) -> References:
        read.append(path)
        return references_of(path, text)

    monkeypatch.setattr("bacheca.portal.build.verify.references_of", counted)
    assert found(site) == []
    assert read == []
    (site / "en/index.html").write_text("<p>altro</p>")
    (site / "a/index.html").unlink()
    assert [target for *_, target in found(site)] == ["/portale/a/"]
    assert read == ["en/index.html", "index.html"]  # the second only to say on which line


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        (
            "search/search_index.js",
            """searchIndex(JSON.parse('{"entries":[{"location":"a/"}]}'));\n""",
            """searchIndex(JSON.parse('{"entries":[{"location":"a/#qui è"}]}'));\n""",
        ),
        ("index.html", '<a href="a/">x</a>', '<a href="a/">x</a><a href="a/#qui%20%C3%A8">y</a>'),
    ],
)
def test_of_a_file_that_changed_what_is_new_is_followed(tmp_path: Path, path: str, before: str, after: str) -> None:
    site = written(tmp_path / "site", **{path.replace("/", "__"): before})
    assert found(site) == []
    (site / path).write_text(after)
    assert found(site) == []
    (site / path).write_text(after.replace("qui", "là"))
    assert [(where, code) for where, _, code, _ in found(site)] == [(path, "REFERENCE_NAME")]
    (site / path).write_text(after)
    (site / "a/index.html").write_text("<h2>x</h2>")
    assert [(where, code) for where, _, code, _ in found(site)] == [(path, "REFERENCE_NAME")]


def test_what_cannot_be_read_is_said(tmp_path: Path) -> None:
    site = written(tmp_path / "site", **{"feed.xml": "<a>\x07</a>", "data.json": "{"})
    (site / "index.html").write_bytes(b"\xff")
    assert [(path, code) for path, _, code, _ in found(site)] == [
        ("data.json", "SITE_FILE"),
        ("feed.xml", "SITE_FILE"),
        ("index.html", "SITE_FILE"),
    ]
