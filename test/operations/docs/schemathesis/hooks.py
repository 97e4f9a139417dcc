"""What schemathesis is told of this API: who calls it, and what a schema cannot say of a request that is refused."""

import json
import os
import re
from secrets import token_hex
from urllib.parse import urlencode
from zlib import crc32

import requests
import schemathesis
from schemathesis.specs.openapi.checks import positive_data_acceptance, use_after_free

API = os.environ["API"] + "/api/v1"
PASSWORD = os.environ["API_PASSWORD"]
caller = {"username": os.environ["API_USERNAME"]}
# Of a superuser, whom requests should be about: one who renames themselves could not come back.
ABOUT = os.environ.get("API_ABOUT")

# The messages of a 422 to what fits the schema, each with its reason.
BEYOND_SCHEMAS = [
    # The product of two parameters is bounded.
    r"page must not skip more than \d+ rows",
    # A cursor is one that the API gave for the same list and order.
    r"after must be empty or the next of a page of this list",
    # Whether an instant is over depends on when it is asked.
    r"\w+ must be in the future",
    # Letters and digits of every script: not every generator has classes of Unicode.
    r"search must be a text of at most \d+ characters with a word to look for",
    r"\w+ must have a visible character",
    # One field needs another, or is needed in the place of another.
    r"(?:\w+|one of [\w, ]+) is needed",
    r"password must not contain the user name",
    # A comma within a text separates two of them.
    r"\w+\[in\] must be at most \d+ values, separated by commas, each a text",
    # Of a list that is nobody's business.
    r"username is reserved",
    # Of objects in a list, one field is compared.
    r"\w+ must be a list in which no \w+ comes twice",
    # A name in a list is that of a row.
    r"there is no \w+ ",
    # Where people may be sent depends on settings.
    r"\w+ must lead to a page of our own",
    # Characters are counted in normal form C.
    r"\w*password must be a text of \d+ to \d+ characters",
]


@schemathesis.auth(refresh_interval=10)
class Caller:
    """Stays signed in as long as it can: wrong passwords that are tried meanwhile may shut it out. Then it is somebody new."""

    token = None

    def get(self, case, context):
        if not self.is_signed_in() and not self.sign_in():
            caller["username"] = token_hex(8)
            self.register(caller["username"])
            self.sign_in()
        return self.token

    def is_signed_in(self):
        headers = {"Authorization": f"Bearer {self.token}"}
        return requests.get(f"{API}/users/me", headers=headers, timeout=10).ok

    def sign_in(self):
        answer = requests.post(f"{API}/auth/login", json={**caller, "password": PASSWORD}, timeout=10)
        self.token = answer.json().get("access_token")
        return answer.ok

    def register(self, username):
        account = {"name": "Ada", "username": username, "email": f"{username}@example.com", "password": PASSWORD}
        requests.post(f"{API}/users", json=account, timeout=10).raise_for_status()

    def set(self, case, data, context):
        case.headers["Authorization"] = f"Bearer {data}"


@schemathesis.hook
def filter_case(context, case):
    """Node answers 431 to more than 16 KiB of address and headers, before there is a route."""
    return len(urlencode(case.query or {}, doseq=True, errors="replace")) < 12_000


@schemathesis.hook
def map_path_parameters(context, path_parameters):
    """Makes requests more often about an account that there is."""
    given = (path_parameters or {}).get("username")
    if given is not None and crc32(str(given).encode("utf-8", "replace")) % 10 < 7:
        path_parameters["username"] = about()
    return path_parameters


@schemathesis.hook
def before_call(context, case, kwargs):
    """Spares the superuser."""
    if ABOUT and case.path_parameters.get("username") == caller["username"]:
        case.path_parameters["username"] = about()


def about():
    return ABOUT or caller["username"]


@schemathesis.deserializer("text/event-stream")
def data_of_events(context, response):
    """The schema is that of the data of each event, as generators of clients have it."""
    prefix = "data: "
    lines = response.content.decode().splitlines()
    return [json.loads(line.removeprefix(prefix)) for line in lines if line.startswith(prefix)]


@schemathesis.check
def takes_what_is_documented(ctx, response, case):
    """`positive_data_acceptance`, except for what is beyond schemas, as what is in a file always is."""
    if response.status_code in (415, 422) and (case.media_type or "").startswith(("multipart/", "image/")):
        return None
    # Without a list, what is refused is not a field: such as an Idempotency-Key that came with another body.
    errors = response.json().get("errors", []) if response.status_code == 422 else None
    if errors is not None and all(is_beyond(error["message"]) for error in errors):
        return None
    return positive_data_acceptance(ctx, response, case)


def is_beyond(message):
    return any(re.match(pattern, message) for pattern in BEYOND_SCHEMAS)


@schemathesis.check
def is_gone_when_deleted(ctx, response, case):
    """`use_after_free`, except for tasks: one that is cancelled can still be read, as cancelled."""
    return None if "/tasks/" in case.operation.path else use_after_free(ctx, response, case)
