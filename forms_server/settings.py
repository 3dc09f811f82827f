"""What an operator can set, read once from the environment that is handed in."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from bacheca.forms.catalogues import marked as _
from bacheca.forms.community import USUAL, Community
from bacheca.forms.definition.checks.localities import is_language, is_zone, language_meant, zone_meant
from bacheca.forms.published import FORMS_FOLDER, built_site, mail_address
from forms_server.errors import SettingsProblem
from forms_server.messages import Saying

SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400}
DRIVERS = {
    "sqlite": "sqlite",
    "sqlite+pysqlite": "sqlite",
    "postgresql": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
}
DEFAULT_PORTS = {"http": 80, "https": 443}
LEAST_SECRET = 32

NEEDS_SECRET = _(
    "FORMS_SECRET_KEY: needed when the database is not SQLite, so that every machine signs alike; set it to what"
    " `openssl rand -hex 32` prints, the same on all of them"
)
NEEDS_PUBLIC_URL = _(
    "FORMS_PUBLIC_URL: needed when mail is sent (FORMS_SMTP_URL), for the links in it; set it to the address at which"
    " people reach the forms, such as https://portal.example"
)

NEEDS_ALL_OF_OIDC = _(
    "FORMS_OIDC_ISSUER, FORMS_OIDC_CLIENT_ID and FORMS_OIDC_CLIENT_SECRET belong together: set all three, or none"
)

HERE = "http://127.0.0.1:8000"
"""Where links in mails lead where nobody has said it: to this machine."""


@dataclass(frozen=True)
class RateLimit:
    """At most `count` posts in each window of `seconds`."""

    count: int
    seconds: int


@dataclass(frozen=True)
class Settings:
    """Everything that can be set, under the names of the environment variables without `FORMS_`."""

    database_url: URL = field(default_factory=lambda: make_url("sqlite:///data/forms.db"))
    """Where responses are kept: `sqlite:///FILE`, or `postgresql+psycopg://…` for several machines."""

    given_content: Path | None = None
    """The folder of the form files (`FORMS_CONTENT`); `None`: the one kept with the site, else `content/forms`."""

    given_language: str | None = None
    """The language of form files that name none (`FORMS_LANGUAGE`); `None`: the community's, from the same metadata."""

    given_zone: ZoneInfo | None = None
    """The time zone of days (`FORMS_ZONE`); `None`: the community's, from the metadata of the built portal."""

    data: Path = Path("data")
    """The folder where packages, the secret key and unsent mail go; it must never be published."""

    site: Path | None = Path("site")
    """The folder of the built portal; `None` (set to nothing) when something else serves it."""

    origins: tuple[str, ...] = ()
    """Origins, besides the server's own, whose pages may post: `https://portal.example`, by blanks."""

    secret_key: str | None = field(default=None, repr=False)
    """What signs links, 32 characters or more; `None`: made once and kept in `data/secret.key`."""

    old_secret_keys: tuple[str, ...] = field(default=(), repr=False)
    """What signed links before, the newest first, by blanks or commas: recognised still, and never used anew."""

    smtp_url: str | None = field(default=None, repr=False)
    """The mail server, `smtp://user:password@host:587` or `smtps://`; `None`: mail is written to files."""

    public_url: str | None = None
    """Where people reach the service, `https://forms.example`: links in mails lead there. It must be set for mail to
    be sent, since what a request says of its own address anybody can write."""

    desk: bool = True
    """Whether those who were invited find the desk at `/desk/`; never with `off`."""

    desk_origin: str | None = None
    """Where people reach the desk, `https://desk.example`, where that is an address of its own: it is not there under
    any other name then. `None`: at `FORMS_PUBLIC_URL`, and on one's own machine at `http://localhost:8000`."""

    oidc_issuer: str | None = None
    """The provider of OpenID Connect that people of the desk may sign in with, `https://id.example`, as it names
    itself."""

    oidc_client_id: str | None = None
    """What the desk is called there."""

    oidc_client_secret: str | None = field(default=None, repr=False)
    """By what it proves that it is the desk."""

    backup_days: int | None = 7
    """After how many days without `backup` the secretariat is warned; `None` (`off`) where something else copies."""

    upgrade_backup: bool = True
    """Whether an older store is copied before a newer Bacheca changes its tables; not with `off`."""

    mail_from: str | None = None
    """The sender of mail; `None`: the community's address, from the metadata of the built portal."""

    rate_limit: RateLimit | None = RateLimit(30, SECONDS["minute"])
    """Posts an address prefix may make to one form; `None` (`off`) behind a limiter of one's own."""

    metrics: tuple[IPv4Network | IPv6Network, ...] = (ip_network("127.0.0.0/8"), ip_network("::1/128"))
    """The networks that may read `/metrics`, by blanks; none with `off`."""

    proxies: int = 0
    """How many proxies stand in front and add to `X-Forwarded-For`; with 0 the header is not believed,
    and behind a proxy all posts then count as one address's."""

    @property
    def kept(self) -> Path | None:
        """Where the form files of the published site lie, if they are the ones to serve."""
        return self.site / FORMS_FOLDER if self.site and not self.given_content else None

    @property
    def content(self) -> Path:
        """The folder of the form files, as it is now."""
        return self.kept if self.kept and self.kept.is_dir() else self.written

    @property
    def written(self) -> Path:
        """The folder of the form files that editors write to."""
        return self.given_content or Path("content/forms")

    @property
    def community(self) -> Community:
        """What forms take for granted, as it is now: a portal that is published anew may say something else."""
        said = built_site(self.site).usual if self.site else USUAL
        return Community(self.given_language or said.language, self.given_zone or said.zone)

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> Settings:
        """Read the settings.

        Args:
            environ: variables and their values, as in `os.environ`; unknown ones are left alone.

        Returns:
            The settings, with the defaults of what is not set.

        Raises:
            SettingsProblem: with a sentence for each variable that cannot be used.
        """
        problems: list[str] = []
        values: dict[str, Any] = {}
        for name, read in READERS.items():
            variable = f"FORMS_{name.upper()}"
            if variable not in environ:
                continue
            try:
                values[FIELDS.get(name, name)] = read(environ[variable].strip())
            except ValueError as error:
                problems.append(Saying("{variable}: {problem}", variable=variable, problem=error.args[0]))
        url = values.get("database_url")
        if isinstance(url, URL) and url.get_backend_name() != "sqlite" and not values.get("secret_key"):
            problems.append(Saying(NEEDS_SECRET))
        if values.get("smtp_url") and not values.get("public_url"):
            problems.append(Saying(NEEDS_PUBLIC_URL))
        if len({bool(values.get(name)) for name in OIDC}) == 2:
            problems.append(Saying(NEEDS_ALL_OF_OIDC))
        if problems:
            raise SettingsProblem(problems)
        return cls(**values)


def read_database_url(text: str) -> URL:
    """Read the address of a database, never quoting it in a problem since it holds a password."""
    try:
        url = make_url(text)
        driver = DRIVERS[url.drivername]
    except (ArgumentError, KeyError):
        sentence = _(
            "not a database this service knows; write sqlite:///data/forms.db or"
            " postgresql+psycopg://user:password@host/name"
        )
        raise ValueError(Saying(sentence)) from None
    if driver == "sqlite" and (url.database in (None, "", ":memory:") or url.query):
        raise ValueError(Saying(_("names no file to keep responses in; write sqlite:///data/forms.db")))
    return url.set(drivername=driver)


def read_folder(text: str) -> Path:
    """Read the path of a folder that has to be named."""
    if not text:
        raise ValueError(Saying(_("names no folder; write its path, or leave the variable unset for the default")))
    return Path(text)


def read_language(text: str) -> str | None:
    """Read the code of a language."""
    if text and not is_language(text):
        sentence = _("{text} is not the code of a language; write {near}")
        raise ValueError(Saying(sentence, text=repr(text), near=language_meant(text)))
    return text or None


def read_zone(text: str) -> ZoneInfo | None:
    """Read the name of a time zone."""
    if text and not is_zone(text):
        sentence = _("{text} is not the name of a time zone; write {near}")
        raise ValueError(Saying(sentence, text=repr(text), near=zone_meant(text, USUAL.zone)))
    return ZoneInfo(text) if text else None


def read_origins(text: str) -> tuple[str, ...]:
    """Read origins between blanks or commas, as browsers write them in `Origin`."""
    return tuple(dict.fromkeys(_origin(word) for word in re.split(r"[\s,]+", text) if word))


def read_public_url(text: str) -> str | None:
    """Read the origin at which people reach the service."""
    return _origin(text) if text else None


def read_issuer(text: str) -> str | None:
    """Read how a provider of OpenID Connect names itself."""
    try:
        parts = urlsplit(text)
        usable = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in ("localhost", "127.0.0.1"))
        usable = usable and bool(parts.hostname) and not (parts.query or parts.fragment or "@" in parts.netloc)
    except ValueError:
        usable = False
    if text and not usable:
        sentence = _("{text} is not a provider of OpenID Connect; write its address as https://id.example")
        raise ValueError(Saying(sentence, text=repr(text)))
    return text or None


def read_switch(text: str) -> bool:
    """Read whether something is done: unless it is `off`."""
    if text not in {"", "on", "off"}:
        sentence = _("{text} is neither on nor off; write off, or leave the variable unset")
        raise ValueError(Saying(sentence, text=repr(text)))
    return text != "off"


def _origin(text: str) -> str:
    remedy = Saying(_("{text} is not an origin; write it as https://portal.example, without a path"), text=repr(text))
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise ValueError(remedy) from None
    if parts.scheme not in DEFAULT_PORTS or not host or parts.path.strip("/") or "@" in parts.netloc:
        raise ValueError(remedy)
    if "*" in host or parts.query or parts.fragment or not host.isascii():
        raise ValueError(Saying(_("{problem}; a name beyond ASCII goes in its xn-- form"), problem=remedy))
    host = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{host}" + ("" if port in (None, DEFAULT_PORTS[parts.scheme]) else f":{port}")


def read_secret_key(text: str) -> str | None:
    """Read the secret, never quoting it in a problem."""
    if text and len(text) < LEAST_SECRET:
        sentence = _("shorter than {least} characters; use what `openssl rand -hex 32` prints")
        raise ValueError(Saying(sentence, least=LEAST_SECRET))
    return text or None


def read_old_secret_keys(text: str) -> tuple[str, ...]:
    """Read former secrets between blanks or commas, the newest first, never quoting one in a problem."""
    keys = tuple(word for word in re.split(r"[\s,]+", text) if word)
    if any(len(key) < LEAST_SECRET for key in keys):
        sentence = _("one of the keys is shorter than {least} characters; write whole keys, between blanks or commas")
        raise ValueError(Saying(sentence, least=LEAST_SECRET))
    return keys


def read_smtp_url(text: str) -> str | None:
    """Read the address of a mail server, never quoting it in a problem since it holds a password."""
    try:
        parts = urlsplit(text)
        usable = parts.scheme in {"smtp", "smtps"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if text and not usable:
        raise ValueError(Saying(_("not the address of a mail server; write smtp://user:password@host:587")))
    return text or None


def read_backup_days(text: str) -> int | None:
    """Read a number of days, or `off`."""
    if text == "off":
        return None
    if not re.fullmatch(r"[1-9]\d{0,3}", text, re.ASCII):
        sentence = _("{text} is not a number of days; write 7, or off where something else makes backups")
        raise ValueError(Saying(sentence, text=repr(text)))
    return int(text)


def read_mail_from(text: str) -> str | None:
    """Read a sender's address."""
    if text and not (re.fullmatch(r"[^\s@<>,]+@[^\s@<>,]+", text) and mail_address(text)):
        sentence = _("{text} is not an e-mail address; write it as info@portal.example")
        raise ValueError(Saying(sentence, text=repr(text)))
    return text or None


def read_rate_limit(text: str) -> RateLimit | None:
    """Read `30/minute` (or second, hour, day), or `off`."""
    if text == "off":
        return None
    written = re.fullmatch(r"([1-9]\d{0,8})\s*/\s*(second|minute|hour|day)", text, re.ASCII)
    if not written:
        sentence = _("{text} is not a limit; write 30/minute (or /second, /hour, /day), or off")
        raise ValueError(Saying(sentence, text=repr(text)))
    return RateLimit(int(written[1]), SECONDS[written[2]])


def read_networks(text: str) -> tuple[IPv4Network | IPv6Network, ...]:
    """Read networks between blanks or commas, or `off`."""
    try:
        return () if text == "off" else tuple(ip_network(word) for word in re.split(r"[\s,]+", text) if word)
    except ValueError:
        sentence = _("{text} are not networks; write 127.0.0.0/8 10.1.2.3, or off")
        raise ValueError(Saying(sentence, text=repr(text))) from None


def read_proxies(text: str) -> int:
    """Read how many proxies stand in front."""
    if not re.fullmatch(r"\d{1,2}", text, re.ASCII):
        sentence = _("{text} is not a number of proxies; write 0, or 1 behind one nginx")
        raise ValueError(Saying(sentence, text=repr(text)))
    return int(text)


OIDC = ("oidc_issuer", "oidc_client_id", "oidc_client_secret")
"""The settings of which there are all or none."""

FIELDS = {"content": "given_content", "language": "given_language", "zone": "given_zone"}
"""What is called otherwise in the settings than in the environment."""

READERS: dict[str, Callable[[str], Any]] = {
    "database_url": read_database_url,
    "content": read_folder,
    "language": read_language,
    "zone": read_zone,
    "data": read_folder,
    "site": lambda text: Path(text) if text else None,
    "origins": read_origins,
    "secret_key": read_secret_key,
    "old_secret_keys": read_old_secret_keys,
    "smtp_url": read_smtp_url,
    "public_url": read_public_url,
    "desk": read_switch,
    "desk_origin": read_public_url,
    "oidc_issuer": read_issuer,
    "oidc_client_id": lambda text: text or None,
    "oidc_client_secret": lambda text: text or None,
    "backup_days": read_backup_days,
    "upgrade_backup": read_switch,
    "mail_from": read_mail_from,
    "rate_limit": read_rate_limit,
    "metrics": read_networks,
    "proxies": read_proxies,
}
