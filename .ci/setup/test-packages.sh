#!/bin/sh
# Programs that only the tests need, one apt-get call for all that are missing. Without apt-get their tests are skipped
# with a message (never where CI=true), so that a missing one is told and does not stop the others.
set -eu

# A line each: what tells that it is there, and the Debian packages that bring it.
#   PostgreSQL server: the store's tests start one of their own on a private socket.
#   Chromium: the review page's tests drive it.
missing=""
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null 2>&1 || missing="$missing postgresql"
command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1 || missing="$missing chromium"

if [ -z "$missing" ]; then
    exit 0
fi
if ! command -v apt-get >/dev/null 2>&1; then
    echo "Some tests need programs that are not here (Debian names:$missing); they are skipped." >&2
    exit 0
fi

as_root=""
if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null 2>&1; then
        echo "Some tests need programs that are not here; as root type: apt-get install$missing" >&2
        exit 0
    fi
    as_root="sudo"
fi

echo "Installing$missing for the tests …"
$as_root apt-get update -qq </dev/null || echo "apt-get update had errors; going on with the lists at hand" >&2
# shellcheck disable=SC2086  # a list of words on purpose
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing </dev/null
