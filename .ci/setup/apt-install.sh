#!/bin/sh
# apt-install.sh PACKAGE…: install Debian packages, as root or by sudo. Fails with a message where that cannot be.
set -eu

if ! command -v apt-get >/dev/null 2>&1; then
    echo "apt-get is not here; install by other means: $*" >&2
    exit 1
fi
as_root=""
if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null 2>&1; then
        echo "programs are missing; as root type: apt-get install $*" >&2
        exit 1
    fi
    as_root="sudo"
fi

echo "Installing $* …"
$as_root apt-get update -qq </dev/null || echo "apt-get update had errors; going on with the lists at hand" >&2
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" </dev/null
