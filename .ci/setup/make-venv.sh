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
    if ! command -v apt-get >/dev/null 2>&1; then
        echo "this Python has no venv module: install it (Python package 'venv' or 'ensurepip') and try again" >&2
        exit 1
    fi
    as_root=""
    if [ "$(id -u)" -ne 0 ]; then
        if ! command -v sudo >/dev/null 2>&1; then
            echo "Python's venv is missing; as root type: apt-get install python$version-venv" >&2
            exit 1
        fi
        as_root="sudo"
    fi
    echo "Installing python$version-venv …"
    $as_root apt-get update -qq </dev/null || echo "apt-get update had errors; going on with the lists at hand" >&2
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "python$version-venv" </dev/null
fi

"$python" -m venv --clear "$folder"
