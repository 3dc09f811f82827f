#!/bin/sh
# Makes a release of what is committed, or says what keeps it from being one. Usage: release.sh PYTHON
set -eu
python=$1
version=$("$python" -c 'import bacheca; print(bacheca.__version__)')

stop() {
    echo "$1" >&2
    exit 1
}

[ -z "$(git status --porcelain)" ] || stop "Some files are not committed: commit them first (git status names them)."
git rev-parse -q --verify "refs/tags/v$version" >/dev/null &&
    stop "v$version is there already: write the next version into bacheca/__init__.py."
grep -q "^## $version, [0-9-]*$" CHANGELOG.md ||
    stop "CHANGELOG.md has no heading \"## $version, $(date +%F)\": put it under \"## Unreleased\", over what this release brings."
make test
make soak
make server
make audit
rm -rf dist
"$python" -m hatchling build -d dist
git tag -a "v$version" -m "Bacheca $version"
echo "dist/ holds Bacheca $version, and v$version is tagged: push the tag, and publish both files."
