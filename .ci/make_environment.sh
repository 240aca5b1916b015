#!/bin/sh
# Makes .venv: the packages that requirements.lock pins, each checked against its hash,
# none compiled, and the project itself. UV= (empty) takes pip even where uv is present.
set -eu
cd "$(dirname "$0")/.."

environment=.venv
python="$environment/bin/python"
uv=${UV-$(command -v uv || true)}

# Half an environment is mended by installing over it. One that was moved, or whose
# Python or pip is gone, is made anew.
is_usable() {
    [ ! -e "$environment/.complete" ] || [ "$(cat "$environment/.complete")" = "$(pwd)" ] || return 1
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || return 1
    [ -n "$uv" ] || "$python" -m pip --version >/dev/null 2>&1
}

if ! is_usable; then
    base=$(UV=$uv sh .ci/find_python.sh)
    rm -rf "$environment"
    if [ -n "$uv" ]; then
        "$uv" venv --quiet --python "$base" "$environment"
    else
        "$base" -m venv "$environment"
    fi
fi
rm -f "$environment/.complete"

echo "Installing $(grep -c '^[a-z].*==' requirements.lock) packages into $environment (once; one to three minutes)" >&2
if [ -n "$uv" ]; then
    "$uv" pip install --quiet --python "$python" --require-hashes --only-binary :all: -r requirements.lock
    "$uv" pip install --quiet --python "$python" --no-deps --no-build-isolation -e .
else
    "$python" -m pip install --quiet --no-input --disable-pip-version-check \
        --require-hashes --only-binary :all: -r requirements.lock
    "$python" -m pip install --quiet --no-input --disable-pip-version-check \
        --no-deps --no-build-isolation -e .
fi

# The stamp names its folder, because an environment cannot be moved.
pwd >"$environment/.complete"
