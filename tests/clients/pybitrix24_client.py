#!/usr/bin/env python3
"""Drives the sandbox with pybitrix24, as an application would: JSON bodies, the token in the query, methods with `.json`."""

import os
import re
import sys
import urllib.request

from pybitrix24 import Bitrix24
from steps import (
    ALREADY_BOUND, EVENTS, HANDLER, enqueue, expire_next_token, keyed, run, same, setting,
)

portal = Bitrix24(setting("SANDBOX_DOMAIN"), setting("SANDBOX_CLIENT_ID"), setting("SANDBOX_CLIENT_SECRET"), user_id=None)


def authorize():
    # The administrator consents; an application without a return address gets its code on a page.
    with urllib.request.urlopen(portal.build_authorization_url(state="x"), timeout=10) as page:
        code = re.search(r"<p>(\w+)<", page.read().decode()).group(1)
    tokens = portal.obtain_tokens(code)
    same("member", len(tokens["member_id"]), 32)


def bind_seven():
    for event in EVENTS:
        same(event, portal.call_event_bind(event, HANDLER)["result"], True)


def duplicate_bind():
    answer = portal.call_event_bind(EVENTS[0], HANDLER)
    same("answer", (answer["error"], answer["error_description"]), ("ERROR_CORE", ALREADY_BOUND))


def list_seven():
    answer = portal.call("event.get")
    same("events", [row["event"] for row in answer["result"]], [event.upper() for event in EVENTS])


def batch():
    answer = portal.call_batch({
        "handlers": "event.get",
        "again": ("event.bind", {"event": EVENTS[0], "handler": HANDLER}),
        "nested": {"method": "events", "params": {"SCOPE": "imopenlines"}},
    })["result"]
    same("handlers", len(answer["result"]["handlers"]), len(EVENTS))
    same("errors", answer["result_error"]["again"]["error"], "ERROR_CORE")


def refresh():
    expire_next_token()
    same("error", portal.call("event.get")["error"], "expired_token")
    tokens = portal.refresh_tokens()
    same("lifetime", tokens["expires_in"], 3600)
    same("handlers", len(portal.call("event.get")["result"]), len(EVENTS))


def offline():
    same("bind", portal.call("event.bind", {"event": EVENTS[0], "event_type": "offline"})["result"], True)
    enqueue(EVENTS[0], {"n": 1})
    enqueue(EVENTS[0], {"n": 2})
    same("listed", len(portal.call("event.offline.list")["result"]), 2)
    lease = portal.call("event.offline.get", {"clear": 0, "limit": 1})["result"]
    same("leased", len(lease["events"]), 1)
    done = portal.call("event.offline.clear", {"process_id": lease["process_id"]})
    same("cleared", done["result"], True)
    rest = portal.call("event.offline.get")["result"]["events"]
    same("rest", [event["EVENT_DATA"]["n"] for event in rest], [2])
    removed = portal.call("event.unbind", {"event": EVENTS[0], "event_type": "offline"})
    same("unbound", removed["result"]["count"], 1)


def unbind_all():
    for event in EVENTS:
        same(event, portal.call_event_unbind(event, HANDLER)["result"]["count"], 1)
    same("left", keyed(portal.call("event.get")["result"]), {})


if __name__ == "__main__":
    os.environ.setdefault("NO_PROXY", "*")
    sys.exit(run([authorize, bind_seven, duplicate_bind, list_seven, batch, refresh, offline, unbind_all]))
