"""What rendering hands to whatever completes the pages."""

from __future__ import annotations

from pathlib import Path

from bacheca.portal.cache.digests import digest_of_bytes
from bacheca.portal.cache.raw_site import raw_site


def test_every_file_is_named_with_the_digest_of_what_it_holds(tmp_path: Path) -> None:
    (tmp_path / "guida").mkdir()
    (tmp_path / "guida" / "index.html").write_bytes(b"<p>")
    (tmp_path / "index.html").write_bytes(b"<b>")
    site = raw_site(tmp_path)
    assert dict(site.digests) == {"guida/index.html": digest_of_bytes(b"<p>"), "index.html": digest_of_bytes(b"<b>")}
    assert site.read("guida/index.html") == b"<p>"
