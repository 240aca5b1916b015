#!/bin/sh
# Prints the path of a Chromium that runs; installs Debian's where apt and root allow.
# CHROMIUM=/path/to/chromium chooses one. Without any: exit 1, and what to do on stderr.
set -eu
. "${0%/*}/install_package.sh"

print_first_that_runs() {
    for candidate in "${CHROMIUM:-}" chromium chromium-browser google-chrome google-chrome-stable \
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome" \
        "/Applications/Chromium.app/Contents/MacOS/Chromium"; do
        [ -n "$candidate" ] || continue
        path=$(command -v "$candidate" 2>/dev/null) || continue
        "$path" --version >/dev/null 2>&1 || continue
        echo "$path"
        return 0
    done
    return 1
}

print_first_that_runs && exit 0

if install_package chromium Chromium "the browser tests"; then
    print_first_that_runs && exit 0
fi

echo "No Chromium was found: the browser tests cannot run." >&2
echo "Install one (Debian: apt-get install chromium; macOS: brew install --cask chromium)," >&2
echo "or name one: make CHROMIUM=/path/to/chromium test" >&2
exit 1
