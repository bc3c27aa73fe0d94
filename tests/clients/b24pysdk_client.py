#!/usr/bin/env python3
"""Drives the sandbox with b24pysdk, the vendor's own Python SDK, the way an application would.

Needs a portal without event handlers, an administrator's tokens, the addresses in SANDBOX_* and the
sandbox's certificate in REQUESTS_CA_BUNDLE. Leaves the portal without handlers. Prints `ok NAME` for
each step and stops with status 1 at the first one that is off.
"""

import sys

from b24pysdk import Client
from b24pysdk.api.requesters import BitrixOAuthRequester
from b24pysdk.credentials import BitrixApp, BitrixToken
from b24pysdk.errors import BitrixAPIBadRequest, BitrixAPIInvalidToken, BitrixAPINotFound
from steps import ALREADY_BOUND, EVENTS, HANDLER, expire_next_token, keyed, run, same, setting


def refused(request, kind, code, description=None):
    """Runs `request`, which must fail with exactly this exception class and error code."""
    try:
        answer = request()
    except kind as error:
        same("exception", type(error), kind)
        same("error code", error.error, code)
        if description:
            same("description", error.error_description, description)
    else:
        raise AssertionError(f"answered {answer!r} instead of {code}")


def codes(batch):
    return {key: error["error"] for key, error in keyed(batch.result_error).items()}


# A request of the SDK is lazy: `.result` (as received) or `.value` (converted) sends it.


def bind_seven(client, token):
    for event in EVENTS:
        same(event, client.event.bind(event, HANDLER).result, True)


def get_seven(client, token):
    request = client.event.get()
    for entry in request.result:
        same("raw keys", set(entry), {"event", "handler", "auth_type", "offline"})
    seen = [(entry.event, entry.handler, entry.auth_type, entry.offline) for entry in request.values]
    # The portal keeps the order of creation, upper-cases names, and 0 stands for the user who caused the event.
    same("handlers", seen, [(event.upper(), HANDLER, 0, False) for event in EVENTS])


def duplicate_bind(client, token):
    refused(lambda: client.event.bind(EVENTS[0], HANDLER).result, BitrixAPIBadRequest, "ERROR_CORE", ALREADY_BOUND)


def batch_as_dict(client, token):
    batch = client.call_batch({
        "handlers": client.event.get(),
        "again": client.event.bind(EVENTS[0], HANDLER),
        "admin": client.user.admin(),
    }).result
    results = keyed(batch.result)
    same("answered", set(results), {"handlers", "admin"})
    same("handlers", len(results["handlers"]), len(EVENTS))
    same("admin", results["admin"], True)
    same("errors", codes(batch), {"again": "ERROR_CORE"})
    same("description", keyed(batch.result_error)["again"]["error_description"], ALREADY_BOUND)


def batch_as_list(client, token):
    batch = client.call_batch([
        client.event.get(),
        client.event.bind("OnNoSuchEvent", HANDLER),
        client.user.admin(),
    ]).result
    same("answered", set(keyed(batch.result)), {"0", "2"})
    same("errors", codes(batch), {"1": "ERROR_EVENT_NOT_FOUND"})


def batch_halted(client, token):
    commands = [client.event.bind("OnNoSuchEvent", HANDLER), client.event.get()]
    batch = client.call_batch(commands, halt=True).result
    same("answered", keyed(batch.result), {})
    same("errors", codes(batch), {"0": "ERROR_EVENT_NOT_FOUND"})


def unbind_one(client, token):
    same("count", client.event.unbind(EVENTS[0], HANDLER).value, 1)
    same("left", [entry.event for entry in client.event.get().values], [event.upper() for event in EVENTS[1:]])


def unbind_again(client, token):
    same("count", client.event.unbind(EVENTS[0], HANDLER).value, 0)


def expired_token(client, token):
    old = token.oauth_token
    expire_next_token()
    same("handlers", len(client.event.get().result), len(EVENTS) - 1)
    new = token.oauth_token
    if new.access_token == old.access_token or new.refresh_token in (None, old.refresh_token):
        raise AssertionError("the refresh did not bring a new access token and a new refresh token")
    same("already expired", new.has_expired, False)
    same("handlers with the new token", len(client.event.get().result), len(EVENTS) - 1)


def invalid_token(client, token):
    # Without an application the SDK takes a token for a webhook's and puts it in the path.
    stranger = BitrixToken(domain=token.domain, auth_token="0" * 70, bitrix_app=token.bitrix_app)
    refused(lambda: Client(stranger).event.get().result, BitrixAPIInvalidToken, "invalid_token")


def unknown_method(client, token):
    refused(lambda: token.call_method("imconn.no.such.method"), BitrixAPINotFound, "ERROR_METHOD_NOT_FOUND")


def unknown_event(client, token):
    refused(lambda: client.event.bind("OnNoSuchEvent", HANDLER).result, BitrixAPIBadRequest, "ERROR_EVENT_NOT_FOUND")


def unbind_rest(client, token):
    batch = client.call_batch([client.event.unbind(event, HANDLER) for event in EVENTS[1:]]).result
    same("counts", list(keyed(batch.result).values()), [{"count": 1}] * (len(EVENTS) - 1))
    same("errors", codes(batch), {})
    same("left", client.event.get().result, [])


STEPS = [
    bind_seven,
    get_seven,
    duplicate_bind,
    batch_as_dict,
    batch_as_list,
    batch_halted,
    unbind_one,
    unbind_again,
    expired_token,
    invalid_token,
    unknown_method,
    unknown_event,
    unbind_rest,
]


def main():
    # The SDK has no option for the auth server: the address is this constant of its class.
    # Setting it here leaves all of the SDK's code, the refresh included, as published.
    BitrixOAuthRequester._OAUTH_TOKEN_URL = setting("SANDBOX_OAUTH_SERVER").rstrip("/") + "/oauth/token/"

    token = BitrixToken(
        domain=setting("SANDBOX_DOMAIN"),
        auth_token=setting("SANDBOX_ACCESS_TOKEN"),
        refresh_token=setting("SANDBOX_REFRESH_TOKEN"),
        bitrix_app=BitrixApp(client_id=setting("SANDBOX_CLIENT_ID"), client_secret=setting("SANDBOX_CLIENT_SECRET")),
    )
    client = Client(token)
    return run(STEPS, client, token)


if __name__ == "__main__":
    sys.exit(main())
