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

# Tests in a browser or of a command wait as often as they work: three workers keep two cores busy.
# In the order of their folders the long ones begin first; by their number of tests they came last.
pytest=".venv/bin/pytest --numprocesses ${WORKERS:-3} --dist loadfile --no-loadscope-reorder"

if CHROMIUM=$(sh .ci/find_chromium.sh); then
    export CHROMIUM
    exec $pytest
fi

[ "${CI:-}" != true ] || exit 1

outcome=0
$pytest -m "not browser and not benchmark" || outcome=$?
echo "*** THE BROWSER TESTS DID NOT RUN: no Chromium (see above) ***" >&2
exit "$outcome"
