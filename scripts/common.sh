# shellcheck shell=bash
# What the scripts beside this file share: . "$(dirname "$0")/common.sh"
set -euo pipefail
self=$(realpath "$0")
cd "$(dirname "${BASH_SOURCE[0]}")/.."

say() { echo "==> $*" >&2; }
fail() { echo "$(basename "$0"): $*" >&2; exit 1; }

# Prints the comment at the top of the script.
usage() { sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$self"; }

# step WHAT COMMAND...: says what runs, a dot every 5 seconds while it does, and how long it took.
# What the command printed is shown only if it fails.
step() {
    local what=$1 began=$SECONDS status=0 log dots
    shift
    log=$(mktemp)
    printf '==> %s ' "$what" >&2
    while sleep 5 >/dev/null 2>&1 && kill -0 $$ 2>/dev/null; do printf . >&2; done &
    dots=$!
    "$@" >"$log" 2>&1 </dev/null || status=$?
    kill "$dots" && { wait "$dots" || true; } 2>/dev/null
    echo " $((SECONDS - began)) s" >&2
    ((status == 0)) || tail -n 30 "$log" >&2
    rm -f "$log"
    return "$status"
}
