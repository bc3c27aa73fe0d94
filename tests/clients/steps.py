"""What the Python clients share: settings from the environment, comparisons, and running steps in order."""

import json
import os
import sys
import traceback
import urllib.request

HANDLER = "https://bot.example.com/b24"
EVENTS = [
    "OnImConnectorMessageAdd",
    "OnImConnectorMessageUpdate",
    "OnImConnectorMessageDelete",
    "OnImConnectorDialogStart",
    "OnImConnectorDialogFinish",
    "OnImConnectorStatusDelete",
    "OnImConnectorLineDelete",
]
ALREADY_BOUND = "Unable to set event handler: Handler already binded"


def setting(name):
    return os.environ.get(name) or sys.exit(f"{name} is not set")


def same(what, actual, expected):
    if actual != expected:
        raise AssertionError(f"{what}: {actual!r} instead of {expected!r}")


def control(path, body):
    """Posts JSON to the sandbox's control address."""
    request = urllib.request.Request(
        setting("SANDBOX_CONTROL") + path,
        data=json.dumps(body).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=10) as response:
        return json.load(response)


def expire_next_token():
    control("/faults", {"kind": "expired-token"})


def enqueue(event, data):
    """Fires an event into the offline queue."""
    control("/events", {"event": event, "data": data})


def keyed(section):
    """A part of a batch answer as a map: PHP writes keys 0..n-1 as a list."""
    pairs = section.items() if isinstance(section, dict) else enumerate(section)
    return {str(key): value for key, value in pairs}


def run(steps, *arguments):
    """Runs the steps in order, each with these arguments; prints `ok NAME` for each, and stops at the first that fails."""
    for step in steps:
        name = step.__name__.replace("_", "-")
        try:
            step(*arguments)
        except Exception:
            traceback.print_exc()
            print("FAILED", name, file=sys.stderr)
            return 1
        print("ok", name, flush=True)
    return 0
