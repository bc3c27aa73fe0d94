#!/usr/bin/env bash
# Compares whole processes in one run: imconn with one curl that makes the same request, and with `true`. Needs
# hyperfine, curl, python3 and GNU time. Prints a Markdown table; exits with 1 if a budget is exceeded.
set -euo pipefail
cd "$(dirname "$0")/.."

cargo build --release --quiet
target=${CARGO_TARGET_DIR:-target}
imconn=$(realpath "$target/release/imconn")
work=$(mktemp -d)
export HOME=$work IMCONN_CONFIG_DIR=$work/config IMCONN_DATA_DIR=$work/data
unset IMCONN_PORTAL IMCONN_ACCESS_TOKEN IMCONN_OUTPUT

"$imconn" sandbox serve -o json --addr 127.0.0.1:0 >"$work/ready" &
server=$!
trap 'kill "$server" 2>/dev/null || true; rm -rf "$work"' EXIT
until [ -s "$work/ready" ]; do sleep 0.02; done

fact() { python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))[sys.argv[2]])' "$work/ready" "$1"; }
IMCONN_PORTAL=$(fact url)
IMCONN_ACCESS_TOKEN=$(fact access_token)
export IMCONN_PORTAL IMCONN_ACCESS_TOKEN
export IMCONN_HANDLER=https://bot.example.com/b24

# The bodies that imconn sends.
python3 - "$work" <<'PYTHON'
import json, os, sys, urllib.parse
work = sys.argv[1]
names = "MessageAdd MessageUpdate MessageDelete DialogStart DialogFinish StatusDelete LineDelete".split()
handler = urllib.parse.quote_plus(os.environ["IMCONN_HANDLER"])
bind = [f"event.bind?event=OnImConnector{name}&handler={handler}" for name in names] + ["app.info", "profile", "event.get"]
for name, commands in {"list": ["event.get", "profile"], "bind": bind}.items():
    cmd = {f"c{i}": command for i, command in enumerate(commands)}
    with open(f"{work}/{name}.json", "w") as body:
        json.dump({"halt": 0, "cmd": cmd, "auth": os.environ["IMCONN_ACCESS_TOKEN"]}, body)
PYTHON
curl_for() { echo "curl -s -o $work/answer -H Content-Type:application/json -d @$work/$1.json $IMCONN_PORTAL/rest/batch"; }

"$imconn" bind --all -q >"$work/warm"
compare() { hyperfine -N --warmup 20 --runs "${RUNS:-300}" --export-json "$work/$1.result" "$2" "$3" >"$work/log" 2>&1; }
compare list "$imconn list" "$(curl_for list)"
compare bind "$imconn bind --all" "$(curl_for bind)"
compare version "$imconn --version" true

memory() { command time -f %M -o "$work/memory" "$imconn" "$@" >"$work/out" 2>&1 && cat "$work/memory"; }
list_memory=$(memory list)
bind_memory=$(memory bind --all)
size=$(stat -c %s "$imconn")

python3 - "$work" "$list_memory" "$bind_memory" "$size" <<'PYTHON'
import json, sys
work, list_memory, bind_memory, size = sys.argv[1], *map(int, sys.argv[2:])

def ratio(name):
    mine, other = (run["median"] for run in json.load(open(f"{work}/{name}.result"))["results"])
    return mine / other

mib = 1024 * 1024
rows = [
    ("`imconn list` : one `curl` with the same request", ratio("list"), 0.6, "{:.2f}"),
    ("`imconn bind --all` : one `curl` with the same request", ratio("bind"), 0.6, "{:.2f}"),
    ("`imconn --version` : `true`", ratio("version"), 2, "{:.2f}"),
    ("peak memory of `list`, MiB", list_memory / 1024, 15, "{:.1f}"),
    ("peak memory of `bind --all`, MiB", bind_memory / 1024, 15, "{:.1f}"),
    ("release binary, MiB", size / mib, 12, "{:.1f}"),
]
for name, measured, budget, form in rows:
    print(f"| {name} | {form.format(measured)} | at most {budget} |")
sys.exit(any(measured > budget for _, measured, budget, _ in rows))
PYTHON
