#!/bin/sh
# Runs pytest. Without a Chromium the browser tests are left out, loudly, and without a PostgreSQL
# those of records on it; in CI both must run.
set -eu
cd "$(dirname "$0")/.."

if POSTGRES_BIN=$(sh .ci/find_postgres.sh); then
    export POSTGRES_BIN
else
    [ "${CI:-}" != true ] || exit 1
fi

# Each browser test holds a server and a Chromium: more workers starve them on two cores.
pytest=".venv/bin/pytest --numprocesses ${WORKERS:-2} --dist loadfile"

if CHROMIUM=$(sh .ci/find_chromium.sh); then
    export CHROMIUM
    exec $pytest
fi

[ "${CI:-}" != true ] || exit 1

outcome=0
$pytest -m "not browser and not benchmark" || outcome=$?
echo "*** THE BROWSER TESTS DID NOT RUN: no Chromium (see above) ***" >&2
exit "$outcome"
