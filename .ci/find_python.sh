#!/bin/sh
# Prints the path of a Python that can make the environment, or says what to install.
# PYTHON=/path/to/python chooses one. In CI, root gets a missing venv from apt.
set -eu

cannot=""
lacks_venv=""

complain() {
    case $cannot in
        *"$1"*) ;;
        *) cannot="$cannot
  $1" ;;
    esac
}

# A pyenv shim exists for versions that do not run: only running it tells.
runs() {
    command -v "$1" >/dev/null 2>&1 && "$1" -c '' >/dev/null 2>&1
}

has_venv() {
    "$1" -c 'import ensurepip, venv' 2>/dev/null
}

get_venv_from_apt() {
    [ "${CI:-}" = true ] && command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ] || return 1
    echo "Installing python$1-venv" >&2
    { apt-get update --quiet && apt-get install --quiet --yes --no-install-recommends "python$1-venv"; } >&2 </dev/null
}

for candidate in ${PYTHON:-python3 python3.13 python3.12 python3.11 python3.14 python}; do
    runs "$candidate" || continue
    version=$("$candidate" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    real=$("$candidate" -c 'import os, sys; print(os.path.realpath(sys.executable))')
    if ! "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
        complain "$real is Python $version; 3.11 or newer is needed."
    elif [ -z "${UV:-}" ] && ! has_venv "$candidate"; then
        complain "$real is Python $version without venv; on Debian and Ubuntu the cure is: apt-get install python3-venv  (or python$version-venv)"
        lacks_venv=${lacks_venv:-$version}
    else
        "$candidate" -c 'import sys; print(sys.executable)'
        exit 0
    fi
done

if [ -n "$lacks_venv" ] && get_venv_from_apt "$lacks_venv" && has_venv "python$lacks_venv"; then
    command -v "python$lacks_venv"
    exit 0
fi

{
    echo "No Python here can make Launchloop's environment.${cannot:-
  None was found.}"
    echo "Install Python 3.11 or newer (Debian, Ubuntu: apt-get install python3 python3-venv; macOS: brew install python),"
    echo "or name one: make PYTHON=/path/to/python3.12 demo"
} >&2
exit 1
