#!/usr/bin/env python3
"""Drives the sandbox with fast_bitrix24: asynchronous, JSON bodies, its own batches and its own pace."""

import asyncio
import json
import sys
import urllib.parse
import urllib.request

from fast_bitrix24 import BitrixAsync
from fast_bitrix24.server_response import ErrorInServerResponseException
from steps import ALREADY_BOUND, EVENTS, HANDLER, enqueue, expire_next_token, keyed, run, same, setting

issued = []


async def token():
    """The library asks for a token at first, and whenever one was refused."""
    if not issued:
        issued.append((setting("SANDBOX_ACCESS_TOKEN"), setting("SANDBOX_REFRESH_TOKEN")))
    else:
        grant = urllib.parse.urlencode({
            "grant_type": "refresh_token",
            "client_id": setting("SANDBOX_CLIENT_ID"),
            "client_secret": setting("SANDBOX_CLIENT_SECRET"),
            "refresh_token": issued[-1][1],
        })
        address = setting("SANDBOX_OAUTH_SERVER") + "/oauth/token/?" + grant
        with urllib.request.urlopen(address, timeout=10) as response:
            pair = json.load(response)
        issued.append((pair["access_token"], pair["refresh_token"]))
    return issued[-1][0]


portal = BitrixAsync(f"https://{setting('SANDBOX_DOMAIN')}/rest/", token_func=token, verbose=False)


def raw(method, params=None):
    """One call, and the whole answer."""
    return asyncio.run(portal.call(method, params or {}, raw=True))


def bind_seven():
    # The library makes one batch of them.
    answers = asyncio.run(portal.call("event.bind", [{"event": event, "handler": HANDLER} for event in EVENTS]))
    same("answers", list(answers), [True] * len(EVENTS))


def list_seven():
    rows = raw("event.get")["result"]
    same("events", [row["event"] for row in rows], [event.upper() for event in EVENTS])


def duplicate_bind():
    again = f"event.bind?event={EVENTS[0]}&handler={urllib.parse.quote_plus(HANDLER)}"
    try:
        answer = asyncio.run(portal.call_batch({"halt": 0, "cmd": {"again": again}}))
    except ErrorInServerResponseException as error:
        refusal = error.args[0]["again"]
        same("answer", (refusal["error"], refusal["error_description"]), ("ERROR_CORE", ALREADY_BOUND))
    else:
        raise AssertionError(f"answered {answer!r} instead of refusing")


def refresh():
    expire_next_token()
    same("handlers", len(raw("event.get")["result"]), len(EVENTS))
    same("tokens asked for", len(issued), 2)


def sixty_calls_in_two_batches():
    answers = asyncio.run(portal.call("profile", [{"n": n} for n in range(60)]))
    same("users", [answer["ID"] for answer in answers], ["1"] * 60)


def offline():
    same("bind", raw("event.bind", {"event": EVENTS[0], "event_type": "offline"})["result"], True)
    enqueue(EVENTS[0], {"n": 1})
    events = raw("event.offline.get")["result"]["events"]
    same("queued", [event["EVENT_DATA"]["n"] for event in events], [1])
    removed = raw("event.unbind", {"event": EVENTS[0], "event_type": "offline"})
    same("unbound", removed["result"]["count"], 1)


def unbind_all():
    for event in EVENTS:
        same(event, raw("event.unbind", {"event": event, "handler": HANDLER})["result"]["count"], 1)
    same("left", keyed(raw("event.get")["result"]), {})


if __name__ == "__main__":
    sys.exit(run([bind_seven, list_seven, duplicate_bind, refresh, sixty_calls_in_two_batches, offline, unbind_all]))
