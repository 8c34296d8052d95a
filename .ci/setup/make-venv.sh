#!/bin/sh
# make-venv.sh PYTHON FOLDER: a virtual environment with pip, also where Debian has split venv off Python.
set -eu

python=$1
folder=$2

if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    echo "kehoach needs Python 3.11 or later; '$python' is not. Name another: make run PYTHON=python3.12" >&2
    exit 1
fi

if "$folder/bin/python" -m pip --version >/dev/null 2>&1; then
    exit 0
fi

if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    sh "$(dirname "$0")/apt-install.sh" "python$version-venv"
fi

"$python" -m venv --clear "$folder"
