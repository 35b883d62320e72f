#!/usr/bin/env bash
# Create .venv from requirements.lock (which pins every package's hash) and print how long each step took.
set -euo pipefail
cd "$(dirname "$0")/.."

# Take a lock, because two concurrent first runs would delete each other's environment.
if [ -z "${INTERMODAL_SETUP_LOCKED:-}" ] && command -v flock >/dev/null; then
    exec env INTERMODAL_SETUP_LOCKED=1 flock .venv.lock "$0" "$@"
fi

pid=
trap '[ -z "$pid" ] || kill "$pid" 2>/dev/null || true' EXIT INT TERM

say() { printf '%s\n' "$*" >&2; }

step() { # step TITLE COMMAND...: run COMMAND; print progress every ten seconds, and its last output if it fails
    local title=$1 started=$SECONDS log
    shift
    log=$(mktemp)
    "$@" >"$log" 2>&1 &
    pid=$!
    while kill -0 "$pid" 2>/dev/null; do
        sleep 0.2
        if ((SECONDS - started > 0 && (SECONDS - started) % 10 == 0 && SECONDS != ${last:-0})); then
            last=$SECONDS
            say "  … $title, $((SECONDS - started)) s so far"
        fi
    done
    if ! wait "$pid"; then
        tail -n 20 "$log" >&2
        rm -f "$log"
        say "error: $title failed; fix the error above and run the same command again."
        exit 1
    fi
    rm -f "$log"
    pid=
    say "✓ $title ($((SECONDS - started)) s)"
}

python=${PYTHON:-python3}
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    say "error: Python 3.11 or later is required, and \`$python\` is older or missing; install it, or set PYTHON to its path."
    exit 1
fi
if [ ! -x .venv/bin/pip ]; then
    if ! "$python" -c 'import ensurepip' 2>/dev/null; then
        if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
            say "error: \`$python -m venv\` does not work here; install your system's python3-venv package and run this again."
            exit 1
        fi
        step "Installing Debian's python3-venv" sh -c 'apt-get -qq update && apt-get -qq install -y python3-venv'
    fi
    rm -rf .venv
    step "Creating the virtual environment" "$python" -m venv .venv
fi
step "Installing the locked Python packages (about a minute the first time)" \
    .venv/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
step "Installing intermodal, its runtime and intermodal-offline" \
    .venv/bin/pip install --quiet --disable-pip-version-check --no-deps -e . -e runtime -e offline
touch .venv/.done
