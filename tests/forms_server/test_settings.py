"""What an operator sets, and what is said of what cannot be used."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bacheca.forms import USUAL, Community
from bacheca.forms.published import METADATA, Site
from forms_server.errors import SettingsProblem
from forms_server.settings import FIELDS, READERS, RateLimit, Settings

SECRET = "s" * 32


def problems_of(**environ: str) -> tuple[str, ...]:
    with pytest.raises(SettingsProblem) as refusal:
        Settings.from_environ(environ)
    return refusal.value.problems


def test_nothing_has_to_be_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # where no portal is built
    settings = Settings.from_environ({})
    assert settings.database_url.render_as_string() == "sqlite:///data/forms.db"
    assert (settings.content, settings.data, settings.site) == (
        Path("content/forms"),
        Path("data"),
        Path("site"),
    )
    assert settings.rate_limit == RateLimit(30, 60)
    assert (settings.origins, settings.proxies, settings.secret_key) == ((), 0, None)


def test_every_setting_has_a_reader() -> None:
    assert {FIELDS.get(name, name) for name in READERS} == set(Settings.__dataclass_fields__)


def test_what_is_not_ours_is_left_alone() -> None:
    assert Settings.from_environ({"PATH": "", "FORMS_UNKNOWN": "?"}) == Settings.from_environ({})


def test_every_problem_is_told_in_one_run_with_its_variable_and_remedy() -> None:
    said = problems_of(FORMS_RATE_LIMIT="many", FORMS_PROXIES="-1", FORMS_DATA="")
    assert [sentence.split(":")[0] for sentence in said] == [
        "FORMS_DATA",
        "FORMS_RATE_LIMIT",
        "FORMS_PROXIES",
    ]
    assert all("write" in sentence for sentence in said)


@pytest.mark.parametrize(
    ("written", "limit"),
    [
        ("30/minute", RateLimit(30, 60)),
        ("1 / second", RateLimit(1, 1)),
        (" 500/hour ", RateLimit(500, 3600)),
        ("9/day", RateLimit(9, 86_400)),
        ("off", None),
    ],
)
def test_a_rate_limit_is_a_count_a_unit(written: str, limit: RateLimit | None) -> None:
    assert Settings.from_environ({"FORMS_RATE_LIMIT": written}).rate_limit == limit


@pytest.mark.parametrize("written", ["", "30", "0/minute", "-1/minute", "30/week", "1.5/minute", "٣/minute"])
def test_anything_else_is_no_rate_limit(written: str) -> None:
    assert "30/minute" in problems_of(FORMS_RATE_LIMIT=written)[0]


def test_an_empty_site_is_not_served() -> None:
    assert Settings.from_environ({"FORMS_SITE": ""}).site is None


def test_origins_are_written_as_browsers_send_them() -> None:
    written = "https://Portal.Example/, http://127.0.0.1:8000 https://a.example:443 https://portal.example"
    assert Settings.from_environ({"FORMS_ORIGINS": written}).origins == (
        "https://portal.example",
        "http://127.0.0.1:8000",
        "https://a.example",
    )


@pytest.mark.parametrize(
    "written",
    [
        "portal.example",
        "https://portal.example/forms",
        "*",
        "https://*.example",
        "null",
        "https://a@b.example",
        "https://a.example:port",
        "https://a.example?x",
        "https://comunità.example",
        "https://[::1",
    ],
)
def test_what_is_no_origin_is_refused(written: str) -> None:
    assert "is not an origin" in problems_of(FORMS_ORIGINS=written)[0]


def test_a_database_on_several_machines_needs_the_secret_to_be_set() -> None:
    url = "postgresql://bacheca:hunter2@db/forms"
    (sentence,) = problems_of(FORMS_DATABASE_URL=url)
    assert sentence.startswith("FORMS_SECRET_KEY")
    settings = Settings.from_environ({"FORMS_DATABASE_URL": url, "FORMS_SECRET_KEY": SECRET})
    assert settings.database_url.drivername == "postgresql+psycopg"


@pytest.mark.parametrize("written", ["", "mysql://a:hunter2@b/c", "sqlite://", "sqlite:///:memory:", "data/forms.db"])
def test_a_database_that_keeps_nothing_is_refused(written: str) -> None:
    (sentence,) = problems_of(FORMS_DATABASE_URL=written)
    assert "sqlite:///data/forms.db" in sentence


def test_no_secret_is_ever_shown() -> None:
    for environ in (
        {"FORMS_DATABASE_URL": "mysql://a:hunter2@b/c"},
        {"FORMS_SMTP_URL": "http://a:hunter2@b"},
        {"FORMS_SECRET_KEY": "hunter2"},
    ):
        assert "hunter2" not in problems_of(**environ)[0]
    kept = Settings.from_environ(
        {
            "FORMS_DATABASE_URL": "postgresql://a:hunter2@b/c",
            "FORMS_SMTP_URL": "smtp://a:hunter2@mail.example:587",
            "FORMS_PUBLIC_URL": "https://portal.example/",
            "FORMS_SECRET_KEY": "hunter2" * 8,
        }
    )
    assert "hunter2" not in repr(kept)
    assert kept.public_url == "https://portal.example"


def test_mail_is_sent_only_where_its_links_are_known_to_lead_here() -> None:
    assert "FORMS_PUBLIC_URL" in problems_of(FORMS_SMTP_URL="smtp://mail.example")[0]
    assert "https://portal.example" in problems_of(FORMS_PUBLIC_URL="portal.example/moduli")[0]


@pytest.mark.parametrize("written", ["mail.example", "http://mail.example", "smtp://", "smtp://a:x"])
def test_a_mail_server_is_an_smtp_address(written: str) -> None:
    assert "smtp://" in problems_of(FORMS_SMTP_URL=written)[0]


def test_a_sender_is_an_address() -> None:
    for wrong in ("info", "in..fo@a.example", "è@a.example"):
        assert "FORMS_MAIL_FROM" in problems_of(FORMS_MAIL_FROM=wrong)[0]
    assert Settings.from_environ({"FORMS_MAIL_FROM": "info@a.example"}).mail_from == "info@a.example"


def test_forms_take_for_granted_what_the_site_says_as_it_is_now_unless_the_operator_does(tmp_path: Path) -> None:
    settings = Settings(site=tmp_path)
    assert settings.community == USUAL
    for language, zone in (("de", "Asia/Tokyo"), ("fr", "Europe/Paris")):
        usual = Community(language, ZoneInfo(zone))
        (tmp_path / METADATA).write_text(Site("Prova", "a@example.org", usual=usual).as_text(), encoding="utf-8")
        assert settings.community == usual
    given = Settings.from_environ({"FORMS_SITE": str(tmp_path), "FORMS_LANGUAGE": "es", "FORMS_ZONE": "UTC"})
    assert given.community == Community("es", ZoneInfo("UTC"))
    with pytest.raises(SettingsProblem) as caught:
        Settings.from_environ({"FORMS_LANGUAGE": "tedesco", "FORMS_ZONE": "CET"})
    assert "write de" in str(caught.value)
    assert "write Europe/Rome" in str(caught.value)
