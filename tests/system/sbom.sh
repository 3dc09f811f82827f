#!/bin/sh
# Writes the CycloneDX bill of materials of what is pinned, from the lock file alone. Usage: sbom.sh PYTHON FILE
set -eu
mkdir -p "$(dirname "$2")"
exec "$1" -W ignore -m cyclonedx_py requirements requirements.lock --pyproject pyproject.toml \
    --output-reproducible --output-format JSON --output-file "$2"
