#!/bin/sh
# Programs that only the tests need, one apt-get call for all that are missing. Where that cannot be, their tests are
# skipped with a message (never where CI=true), so that a missing one is told and does not stop the others.
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
# shellcheck disable=SC2086  # a list of words on purpose
sh "$(dirname "$0")/apt-install.sh" $missing || echo "Tests that need these programs are skipped:$missing" >&2
