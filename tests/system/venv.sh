#!/bin/sh
# Makes the virtual environment, or says in one sentence what is missing. Usage: venv.sh PYTHON FOLDER
set -eu
python=$1
folder=$2

stop() {
    echo "$1" >&2
    exit 1
}

command -v "$python" >/dev/null 2>&1 ||
    stop "Bacheca needs Python 3.11 or later, and there is no $python here: install it, or name yours with make PYTHON=python3.12."
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
    stop "Bacheca needs Python 3.11 or later, and this is $("$python" --version 2>&1): name a newer one with make PYTHON=python3.12."
"$python" -c 'import ensurepip, venv' 2>/dev/null ||
    stop "Python's venv module is missing: on Debian and Ubuntu, apt-get install python3-venv, then the same command again."
exec "$python" -m venv "$folder"
