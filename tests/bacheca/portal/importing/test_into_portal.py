"""Sites of other tools made into portals: small ones that hold one of everything their tools write."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from bacheca.portal.build.pipeline import build
from bacheca.portal.build.read import read_content
from bacheca.portal.commands.build import main
from bacheca.portal.content.heads import read_front_matter
from bacheca.portal.errors import SettingsProblems
from bacheca.portal.importing.into_portal import REPORT, import_site
from bacheca.portal.settings import load_portal
from tests.bacheca.portal.conftest import quiet

PICTURE = "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 1 1'/>"

HUGO = {
    "hugo.toml": """
title = "Gruppo di lettura"
baseURL = "https://lettori.example/"
defaultContentLanguage = "it"
[permalinks]
posts = "/:year/:month/:slug/"
[languages.it]
weight = 1
[languages.pt-br]
weight = 2
contentDir = "content-pt"
""",
    "content/_index.md": "---\ntitle: Casa\n---\nBenvenuti. [Le regole](/regole/)\n",
    "content/Regole.md": "+++\ntitle = 'Regole'\nweight = 2\naliases = ['/vecchie-regole/']\n+++\n"
    "{{< notice warning >}}\nSi legge **prima**.\n{{< /notice >}}\n\n"
    '[I libri]({{< ref "libri/primo" >}}) `{{< ref "x" >}}`\n\n'
    "{{% misterioso %}}resta{{% /misterioso %}} {{</* youtube abc */>}} {{< youtube abc >}}\n",
    "content/libri/_index.md": "---\ntitle: I libri\nweight: 1\n---\nTutti.\n",
    "content/libri/primo/index.md": "---\ntitle: Il primo\n---\n"
    "![Una copertina](copertina.svg) ![Nota](/img/nota.svg)\n",
    "content/libri/primo/copertina.svg": PICTURE,
    "static/img/nota.svg": PICTURE,
    "static/img/mai.svg": PICTURE,
    "content/posts/ciao.md": "---\ntitle: Ciao\ndate: 2021-03-04T10:00:00Z\ntags: [libri]\n"
    "author: Ada Neri\n---\nSi comincia.\n",
    "content/bozza.md": "---\ntitle: Bozza\ndraft: true\n---\nNon ancora.\n",
    "content-pt/regole.md": "---\ntitle: Regras\n---\nLer antes.\n",
}
JEKYLL = {
    "_config.yml": "title: Coro\nlang: de\ncollections: {lieder: {output: true, permalink: /lieder/:title/}}\n",
    "CNAME": "coro.example\n",
    "index.md": "---\ntitle: Start\n---\n* TOC\n{:toc}\n\n"
    "[Satzung]({% link ueber/satzung.md %}) [Neu]({% post_url 2020-05-06-neu %})\n",
    "ueber/satzung.md": "---\ntitle: Satzung\nredirect_from: /alt.html\nsummary: Was gilt.\n---\n"
    "{% raw %}{{ bleibt }}{% endraw %} {{ page.title }} {{ site.data.x }}\n\n"
    "{% highlight sh %}\nls {{ a }}\n{% endhighlight %}\n",
    "_lieder/erstes.md": "---\ntitle: Erstes\n---\n[Satzung]({{ '/ueber/satzung.html' | relative_url }})\n",
    "_posts/2020-05-06-neu.md": "---\ntitle: Neu\ncategories: leben\n---\nText.\n",
    "_includes/kopf.html": "<b>",
    "seite.html": "---\ntitle: Alt\n---\n<p>Alt</p>",
    "README.md": "Kein Teil der Seite.",
}
DOCUSAURUS = {
    "docusaurus.config.js": "module.exports = {title: 'Tools', url: 'https://tools.example', baseUrl: '/',\n"
    "i18n: {defaultLocale: 'en', locales: ['en', 'fr']},\n"
    "presets: [['classic', {docs: {routeBasePath: '/', sidebarPath: './sidebars.js'}, blog: {path: 'blog'}}]]};",
    "sidebars.js": "module.exports = {docs: ['second', {label: 'Guides', items: ['guides/saw']}]};",
    "docs/02-second.mdx": "---\ntitle: Second\n---\nimport Tabs from '@theme/Tabs';\n\n"
    ":::tip[Take care]\n\n:::danger\nSharp.\n:::\n\n:::\n\n"
    '<Tabs>\n  <TabItem value="a" label="Linux">\n\n  Here.\n\n  </TabItem>\n</Tabs>\n\n'
    "## Head {#the-head}\n\n[The saw](guides/saw.md#use) <Mystery name='x'/> [Old](https://tools.example/guides/saw)\n",
    "docs/guides/_category_.json": '{"label": "Guides of ours", "position": 1}',
    "docs/guides/saw.md": "---\nslug: chainsaw\n---\n# Saw\n\n## Use\n\n"
    "![Saw](/img/saw.svg)\n\n```js\nimport a from 'b';\n```\n",
    "static/img/saw.svg": PICTURE,
    "blog/2022-01-02-hello.md": "---\ntitle: Hello\nauthors: [ada]\n---\nHi.\n",
    "blog/authors.yml": "ada: {name: Ada Neri, title: Lends saws}\n",
    "i18n/fr/docusaurus-plugin-content-docs/current/second.md": "---\ntitle: Deuxième\n---\nIci.\n",
}
MKDOCS = {
    "mkdocs.yml": "site_name: Handbook\nsite_url: https://hand.example/\ntheme: {name: material, language: en}\n"
    "nav: [Home: index.md, Gone: gone.md, About: [about.md]]\n"
    "plugins:\n  - search\n  - macros\n  - redirects: {redirect_maps: {was/here.md: about.md}}\n"
    "  - i18n: {docs_structure: suffix, languages: ["
    "{locale: en, default: true}, {locale: it, nav_translations: {About: Chi}}]}\n"
    "markdown_extensions:\n  - pymdownx.emoji: {emoji_index: !!python/name:material.extensions.emoji.twemoji ''}\n",
    "docs/index.md": "# Home\n\n[About](about.md)\n",
    "docs/about.md": '---\ntemplate: special.html\n---\n# About\n\n<iframe src="https://video.example/1"></iframe>\n\n<script>alert(1)</script>\n',
    "docs/about.it.md": "# Chi siamo\n\n[Casa](index.md)\n",
}
SITES = {"hugo": HUGO, "jekyll": JEKYLL, "docusaurus": DOCUSAURUS, "mkdocs": MKDOCS}


def written(folder: Path, files: Mapping[str, str]) -> Path:
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def imported(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The portal made of the site of the tool that a test names."""
    portal = tmp_path / "portal"
    import_site(written(tmp_path / "there", SITES[request.param]), portal, {}, "en")
    return portal


def page(portal: Path, path: str) -> tuple[dict[str, object], str]:
    head, body = read_front_matter((portal / "content" / path).read_text(encoding="utf-8"), path)
    return dict(head.values or {}), body


def settings(portal: Path, name: str = "mkdocs.yml") -> dict[str, object]:
    found: dict[str, object] = yaml.safe_load((portal / name).read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize("imported", SITES, indirect=True)
def test_what_came_over_has_nothing_that_stops_a_build(imported: Path) -> None:
    _content, problems = read_content(load_portal(imported / "mkdocs.yml"))
    assert [problem.line_of_text("en") for problem in problems if problem.stops] == []


@pytest.mark.parametrize("imported", ["hugo"], indirect=True)
def test_a_site_of_hugo_comes_over_with_its_addresses(imported: Path) -> None:
    head, body = page(imported, "it/regole.md")
    assert head == {"title": "Regole", "redirect_from": ["/vecchie-regole/"]}
    assert "!!! warning\n\n    Si legge **prima**." in body
    assert "[I libri](libri/primo/index.md)" in body
    assert '`{{< ref "x" >}}`' in body
    assert "resta" in body
    assert "{{< youtube abc >}} <https://www.youtube.com/watch?v=abc>" in body
    assert page(imported, "it/libri/primo/index.md")[1].strip().endswith("![Nota](../../img/nota.svg)")
    assert (imported / "content/it/libri/primo/copertina.svg").is_file()
    assert not (imported / "content/it/img/mai.svg").exists()
    head, _ = page(imported, "it/posts/posts/ciao.md")
    assert head["slug"] == "ciao"
    assert head["redirect_from"] == ["/2021/03/ciao/"]
    assert head["authors"] == ["ada-neri"]
    assert page(imported, "it/bozza.md")[0]["draft"] is True
    assert page(imported, "pt-BR/regole.md")[0]["title"] == "Regras"
    books = ["libri/index.md", {"Il primo": "libri/primo/index.md"}]
    assert settings(imported)["nav"] == [{"I libri": books}, "regole.md", "bozza.md", "posts/index.md"]
    report = (imported / REPORT).read_text(encoding="utf-8")
    assert "- content/Regole.md:7: `{{% misterioso %}}`" in report
    site = imported / "site"
    build(load_portal(imported / "mkdocs.yml"), site, quiet, engine="mkdocs", full=False)
    moved = (site / "2021/03/ciao/index.html").read_text(encoding="utf-8")
    assert 'content="0; url=https://lettori.example/posts/ciao/"' in moved
    assert (site / "pt-BR/regole/index.html").is_file()


@pytest.mark.parametrize("imported", ["jekyll"], indirect=True)
def test_a_site_of_jekyll_comes_over_without_its_liquid(imported: Path) -> None:
    assert settings(imported)["site_url"] == "https://coro.example/"
    body = page(imported, "de/index.md")[1]
    assert "toc" not in body.lower()
    assert "[Satzung](ueber/satzung.md) [Neu](blog/posts/neu.md)" in body
    head, body = page(imported, "de/ueber/satzung.md")
    assert head["description"] == "Was gilt."
    assert head["redirect_from"] == ["/ueber/satzung.html", "/alt.html"]
    assert body.strip().startswith("{{ bleibt }} Satzung")
    assert "```sh\nls {{ a }}\n```" in body
    assert page(imported, "de/lieder/erstes.md")[1].strip() == "[Satzung](../ueber/satzung.md)"
    assert page(imported, "de/blog/posts/neu.md")[0]["redirect_from"] == ["/leben/2020/05/06/neu.html"]
    report = (imported / REPORT).read_text(encoding="utf-8")
    assert "- seite.html" in report
    assert "`{{ site.data.x }}`" in report
    assert not list((imported / "content").rglob("*Kein*"))


@pytest.mark.parametrize("imported", ["docusaurus"], indirect=True)
def test_a_site_of_docusaurus_comes_over_without_its_components(imported: Path) -> None:
    body = page(imported, "en/second.md")[1]
    assert '!!! tip "Take care"\n\n    !!! danger\n\n        Sharp.' in body
    assert '=== "Linux"\n\n    Here.' in body
    assert "## Head {: #the-head }" in body
    assert "[The saw](guides/chainsaw.md#use)" in body
    assert "import" not in body
    assert "Mystery" not in body
    saw = page(imported, "en/guides/chainsaw.md")[1]
    assert "import a from 'b';" in saw
    assert "![Saw](../img/saw.svg)" in saw
    assert settings(imported)["nav"] == [{"Guides of ours": ["guides/chainsaw.md"]}, "second.md", "blog/index.md"]
    assert settings(imported, "mkdocs.fr.yml")["nav"] == ["second.md"]
    assert page(imported, "fr/second.md")[0]["title"] == "Deuxième"
    assert page(imported, "en/blog/posts/hello.md")[0]["redirect_from"] == ["/blog/2022/01/02/hello/"]
    authors = (imported / "content/en/blog/.authors.yml").read_text(encoding="utf-8")
    assert "Lends saws" in authors


@pytest.mark.parametrize("imported", ["mkdocs"], indirect=True)
def test_a_site_of_mkdocs_comes_over_as_it_is(imported: Path) -> None:
    head, body = page(imported, "en/about.md")
    assert head == {"redirect_from": ["/was/here/"]}
    assert "<https://video.example/1>" in body
    assert "alert" not in body
    assert settings(imported)["nav"] == [{"Home": "index.md"}, {"About": ["about.md"]}]
    assert settings(imported, "mkdocs.it.yml")["nav"] == [{"Chi": ["about.md"]}]
    report = (imported / REPORT).read_text(encoding="utf-8")
    assert "macros" in report
    assert "gone.md" in report


def test_a_menu_a_blog_and_settings_of_mkdocs_come_over_with_what_they_stand_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET", "told")
    there = {
        "mkdocs.yml": "site_name: !ENV [SECRET, 'Home']\nsite_url: https://hand.example/docs/\ncopyright: !ENV SECRET\n"
        "nav: [Home: index.md, Blog: /docs/blog/, News: blog/, Out: https://out.example/, Odd: 'http://[']\n"
        "plugins: [blog]\n",
        "docs/index.md": "# Home\n\nText.\n",
        "docs/blog/index.md": "# Blog\n",
        "docs/blog/posts/a.md": "---\ndate: 2024-01-02\nauthors: [ada]\n---\n# A\n\nText.\n",
        "docs/blog/.authors.yml": "authors: {ada: {name: Ada, description: Lends, avatar: https://a.example/a.png}}\n",
    }
    portal = tmp_path / "portal"
    import_site(written(tmp_path / "there", there), portal, {}, "en")
    said = settings(portal)
    assert said["site_name"] == "Home"
    assert "told" not in (portal / "mkdocs.yml").read_text(encoding="utf-8")
    blog = "https://hand.example/docs/blog/"
    assert said["nav"] == [{"Home": "index.md"}, {"Blog": blog}, {"News": blog}, {"Out": "https://out.example/"}]
    authors = (portal / "content/en/blog/.authors.yml").read_text(encoding="utf-8")
    assert authors == there["docs/blog/.authors.yml"]


def test_the_command_says_what_came_and_where_the_rest_is_told(tmp_path: Path) -> None:
    source = written(tmp_path / "there", MKDOCS)
    done = CliRunner().invoke(main, ["import-site", str(source), "--to", str(tmp_path / "here"), "--name", "Ours"])
    assert done.exit_code == 0, done.output
    assert "From MkDocs into" in done.output
    assert "3 pages" in done.output
    assert settings(tmp_path / "here")["site_name"] == "Ours"


def test_a_second_folder_is_told_where_it_goes_in_the_language_of_the_terminal() -> None:
    for language, said in (("en_GB.UTF-8", "after --to: "), ("it", "dopo --to: "), ("C", "after --to: ")):
        done = CliRunner().invoke(main, ["import-site", "there", "here"], env={"LANGUAGE": language})
        assert done.exit_code == 2
        assert said in done.output
        assert "import-site there --to here`" in done.output
        assert "unexpected" not in done.output


def test_nothing_is_made_of_what_is_no_site_or_where_something_is(tmp_path: Path) -> None:
    (tmp_path / "nothing").mkdir()
    with pytest.raises(SettingsProblems, match="no tool that is known"):
        import_site(tmp_path / "nothing", tmp_path / "here", {}, "en")
    source = written(tmp_path / "there", MKDOCS)
    written(tmp_path / "full", {"mine.txt": "x"})
    with pytest.raises(SettingsProblems):
        import_site(source, tmp_path / "full", {}, "en")
    assert sorted(file.name for file in tmp_path.iterdir()) == ["full", "nothing", "there"]


@pytest.mark.parametrize(
    ("tool", "file", "text"),
    [
        ("hugo", "content/a.md", "---\ntitle: A\nurl: /../../../../{out}/\n---\nx\n"),
        ("hugo", "content/a.md", "---\ntitle: A\nslug: ../../../../{out}\n---\nx\n"),
        ("jekyll", "a.md", "---\ntitle: A\npermalink: /../../../../{out}/\n---\nx\n"),
        ("docusaurus", "docs/a.md", "---\ntitle: A\nslug: /../../../../{out}\n---\nx\n"),
    ],
)
def test_no_address_leads_out_of_the_new_portal(tmp_path: Path, tool: str, file: str, text: str) -> None:
    source = written(tmp_path / "a/b/there", {**SITES[tool], file: text.replace("{out}", "planted")})
    import_site(source, tmp_path / "a/b/here", {}, "en")
    planted = [found for found in tmp_path.rglob("planted*") if not found.is_relative_to(tmp_path / "a/b/here/content")]
    assert planted == []
    assert "whose address leads out" in (tmp_path / "a/b/here" / REPORT).read_text(encoding="utf-8")


def test_nothing_is_read_outside_of_the_folder_of_the_tool(tmp_path: Path) -> None:
    written(tmp_path / "secrets", {"index.md": "# Secret\n\n![a](a.svg)\n", "a.svg": PICTURE})
    written(tmp_path / "secrets", {"blog/.authors.yml": "authors: {}\n"})
    for named in ("../secrets", str(tmp_path / "secrets"), "linked"):
        settings = f"site_name: x\ndocs_dir: {named}\nplugins: [blog]\n"
        source = written(tmp_path / "there", {"mkdocs.yml": settings})
        if not (source / "linked").exists():
            (source / "linked").symlink_to(tmp_path / "secrets")
        folder = tmp_path / f"here{len(named)}"
        import_site(source, folder, {}, "en")
        assert "Secret" not in (folder / "content/en/index.md").read_text(encoding="utf-8")
        assert not [*folder.rglob("a.svg"), *folder.rglob(".authors.yml")]


def test_a_site_of_one_language_comes_over_in_the_one_it_tells_browsers_and_builds_with_its_dead_links(
    tmp_path: Path,
) -> None:
    told = {
        "hugo.toml": 'title = "Club"\nlanguageCode = "fr-FR"\n',
        "content/a.md": "---\ntitle: A\n---\n![b](/b.png)\n",
    }
    import_site(written(tmp_path / "there", told), tmp_path / "here", {}, "en")
    portal = load_portal(tmp_path / "here/mkdocs.yml")
    assert [language.code for language in portal.languages] == ["fr"]
    assert portal.levels["REFERENCE_DEAD"] == "warning", "it is told of the built site, too"


@pytest.mark.parametrize(
    ("file", "settings"),
    [
        ("hugo.toml", 'title = "x"\n[languages]\nen = 1\n'),
        ("hugo.yaml", "languages: [en, it]\npermalinks: x\nbaseURL: 3\ntitle: [1]\n"),
        ("hugo.toml", "x = = 1"),
        ("_config.yml", "- a\n"),
        ("_config.yml", "collections: 3\ndefaults: [1, {scope: x}]\nexclude: 3\ntitle: {a: 1}\n"),
        ("_config.yml", "defaults: 3\nlang: 3\nurl: [x]\n"),
        ("mkdocs.yml", "- a\n"),
        ("mkdocs.yml", "plugins: [i18n: {languages: 3}, redirects: {redirect_maps: [1]}]\nnav: {a: b}\ndocs_dir: 3\n"),
        ("mkdocs.yml", "plugins: {i18n: {languages: [1]}, blog: 3}\nnav: [1, null, {a: null}]\nsite_name: {a: b}\n"),
        ("docusaurus.config.js", "title: '', locales: ['x', '../y'], defaultLocale: '../z'"),
    ],
)
def test_whatever_the_settings_of_a_tool_hold_they_stop_nothing(tmp_path: Path, file: str, settings: str) -> None:
    odd = "---\ntitle: [1]\ntags: 3\ndate: x\naliases: {a: 1}\nredirect_from: 3\nauthors: {a: b}\nlang: 3\n---\n"
    odd += "{{< x >}} {% y %} <Z a={1}> [a](%00) [b](//x) [c](http://[)\n"
    pages = dict.fromkeys(("content/a.md", "docs/a.md", "a.md"), odd)
    source = written(tmp_path / "there", {file: settings, "CNAME": "", **pages})
    import_site(source, tmp_path / "here", {}, "en")
    assert (tmp_path / "here/mkdocs.yml").is_file()
