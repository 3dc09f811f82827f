#!/bin/sh
# Installs what the tests need from Debian, or says in one line how.
set -eu

has() {
    for program in "$@"; do
        if command -v "$program" >/dev/null 2>&1; then return 0; fi
    done
    return 1
}

PATH=$PATH:/usr/sbin:/sbin
missing=
has chromium-headless-shell || missing="$missing chromium-headless-shell"
has initdb /usr/lib/postgresql/*/bin/initdb || missing="$missing postgresql"
[ -e /usr/share/hunspell/it_IT.dic ] || missing="$missing hunspell-it"
[ -e /usr/share/hunspell/en_GB.dic ] || missing="$missing hunspell-en-gb"
has nginx || missing="$missing nginx"
has strace || missing="$missing strace"
has fiu-run || missing="$missing fiu-utils"
has faketime || missing="$missing faketime"
has npm || missing="$missing npm"
has systemd-analyze || missing="$missing systemd"
has soffice || missing="$missing libreoffice-calc"
# What `make server` tries besides.
if [ -n "${SERVER:-}" ]; then
    has podman || missing="$missing podman crun"
    has mmdebstrap || missing="$missing mmdebstrap"
    has caddy || missing="$missing caddy"
    has promtool || missing="$missing prometheus"
fi
[ -n "$missing" ] || exit 0

if ! has apt-get || [ "$(id -u)" -ne 0 ]; then
    echo "The tests need$missing: on Debian, sudo apt-get install --no-install-recommends$missing, then make test again." >&2
    exit 1
fi
echo "The tests need$missing: installing from Debian's packages."
export DEBIAN_FRONTEND=noninteractive
apt-get update --quiet=2
# shellcheck disable=SC2086  # one word a package
apt-get install --quiet=2 --yes --no-install-recommends $missing >/dev/null
