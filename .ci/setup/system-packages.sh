#!/bin/sh
# Make sure that Tesseract and its Vietnamese models are installed: by apt-get on Debian and Ubuntu, else say what to do.
set -eu

packages="tesseract-ocr tesseract-ocr-vie tesseract-ocr-script-viet"

complete() {
    command -v tesseract >/dev/null 2>&1 || return 1
    models=$(tesseract --list-langs 2>/dev/null) || return 1
    echo "$models" | grep -qx 'vie' || return 1
    echo "$models" | grep -qx -e 'Vietnamese' -e 'script/Vietnamese' || return 1
}

if complete; then
    exit 0
fi

if ! command -v apt-get >/dev/null 2>&1; then
    cat >&2 <<MESSAGE
kehoach needs Tesseract 4.1 or later with the models "vie" and "script/Vietnamese". Install them and try again:
  macOS (Homebrew)   brew install tesseract tesseract-lang
  Fedora             sudo dnf install tesseract tesseract-langpack-vie tesseract-script-vietnamese
  Arch Linux         sudo pacman -S tesseract tesseract-data-vie, and script/Vietnamese.traineddata from tessdata_fast
  other systems      Tesseract OCR with the two models from tessdata_fast
MESSAGE
    exit 1
fi

# shellcheck disable=SC2086  # a list of words on purpose
sh "$(dirname "$0")/apt-install.sh" $packages

if ! complete; then
    echo "Tesseract or its Vietnamese models are still missing; 'tesseract --list-langs' should name vie and Vietnamese." >&2
    exit 1
fi
