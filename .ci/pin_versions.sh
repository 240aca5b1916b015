#!/bin/sh
# Writes requirements.lock for every system and Python that we support, with hashes and without
# the name of the index they came from. Arguments go to `uv pip compile`, such as --upgrade.
set -eu
cd "$(dirname "$0")/.."

uv=${UV-$(command -v uv || true)}
if [ -z "$uv" ]; then
    base=$(sh .ci/find_python.sh)
    "$base" -m venv build/uv
    build/uv/bin/python -m pip install --quiet --disable-pip-version-check uv
    uv=build/uv/bin/uv
fi

UV_CUSTOM_COMPILE_COMMAND="make lock" "$uv" pip compile --quiet \
    --universal --python-version 3.11 --fork-strategy fewest \
    --extra dev --generate-hashes --only-binary :all: \
    --no-annotate --no-emit-index-url --no-emit-find-links \
    --output-file requirements.lock "$@" pyproject.toml
