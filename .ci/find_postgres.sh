#!/bin/sh
# Prints the folder of PostgreSQL's programs; installs Debian's where apt and root allow.
# POSTGRES_BIN=/path/to/bin chooses one. Without any: exit 1, and what to do on stderr.
set -eu
. "${0%/*}/install_package.sh"

print_first_that_runs() {
    on_path=$(command -v initdb 2>/dev/null) || on_path=
    # A link on the path leads to the folder that holds the other programs too.
    [ -z "$on_path" ] || on_path=$(dirname "$(readlink -f "$on_path" 2>/dev/null || echo "$on_path")")
    # The newest version of Debian's, and Homebrew's, which it keeps off the path.
    for candidate in "${POSTGRES_BIN:-}" "$on_path" \
        $(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -t / -k 5 -n -r) \
        $(ls -d /opt/homebrew/opt/postgresql*/bin /usr/local/opt/postgresql*/bin 2>/dev/null); do
        [ -n "$candidate" ] || continue
        "$candidate/initdb" --version >/dev/null 2>&1 || continue
        "$candidate/pg_ctl" --version >/dev/null 2>&1 || continue
        "$candidate/postgres" --version >/dev/null 2>&1 || continue
        echo "$candidate"
        return 0
    done
    return 1
}

print_first_that_runs && exit 0

if install_package postgresql PostgreSQL "the tests of records"; then
    print_first_that_runs && exit 0
fi

echo "No PostgreSQL was found: the tests of records on it cannot run." >&2
echo "Install one (Debian: apt-get install postgresql; macOS: brew install postgresql)," >&2
echo "or name its programs: make POSTGRES_BIN=/path/to/bin test" >&2
exit 1
