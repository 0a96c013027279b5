"""The dashboard as a server: without a sign-in nothing answers but what every browser needs to sign in, whatever stands in front.

Streamlit guards its pages by the script alone; files to take away, uploads and metrics have routes of their own. Here they ask for the
same signed token. A proxy may ask, too: `/signed-in` answers 204 or 401 (nginx `auth_request`). At `/painted` a browser says that it has painted.
"""

import json
import re
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final

from starlette.middleware import Middleware
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.routing import Route
from streamlit.auth_util import get_cookie_with_chunks
from streamlit.web.server.server_util import get_cookie_secret
from streamlit.web.server.starlette.starlette_app_utils import decode_signed_value
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

from fundtrack.errors import AccessError
from fundtrack.service import people
from fundtrack.settings import settings_now
from fundtrack.ui.painted import painted

Scope = MutableMapping[str, Any]
App = Callable[[Scope, Callable[[], Awaitable[Any]], Callable[[Any], Awaitable[None]]], Awaitable[None]]
OPEN: Final = re.compile(
    r"/|/index\.html|/favicon\.(png|ico|svg)|/manifest\.json|/static/(?!.*\.\.).*|/[a-z_]{2,20}"
    r"|/_stcore/(stream|health|host-config)|/auth/(login|logout)|/oauth2callback|/signed-in"
)
"""What answers without a sign-in and carries no data: the empty frame of every page, its scripts, and the way in."""


def signed_in(connection: HTTPConnection) -> bool:
    """Whether a request brings a token that we signed, that has not ended, and whose holder has a role."""
    settings = settings_now()
    if not people.identity_on(settings):
        return True

    def one(name: str) -> bytes | None:
        raw = connection.cookies.get(name)
        return None if raw is None else decode_signed_value(get_cookie_secret(), name, raw.encode("latin-1"))

    try:
        said = json.loads(get_cookie_with_chunks(one, USER_COOKIE_NAME) or b"null")
        return (
            isinstance(said, dict)
            and said.get("is_logged_in") is True
            and bool(people.of_claims(said, settings).roles)
        )
    except (AccessError, ValueError, UnicodeError):
        return False


class Gate:
    """Lets through what is open, and the rest for whoever has signed in; `401` for all else."""

    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(
        self, scope: Scope, receive: Callable[[], Awaitable[Any]], send: Callable[[Any], Awaitable[None]]
    ) -> None:
        """Answer one request."""
        if (
            scope["type"] == "http"
            and not OPEN.fullmatch(scope["path"])
            and not signed_in(HTTPConnection(scope))
        ):
            await Response(status_code=401)(scope, receive, send)
            return
        await self.app(scope, receive, send)


async def _asked(request: Request) -> Response:
    return Response(status_code=204 if signed_in(request) else 401)


async def _painted(request: Request) -> Response:
    painted().say(request.query_params.get("of", ""))
    return Response(status_code=204)


def routes() -> tuple[Route, ...]:
    """What this server answers beside Streamlit's own; from now on browsers are heard."""
    painted().heard = True
    return Route("/signed-in", _asked), Route("/painted", _painted)


GATE: Final = (Middleware(Gate),)
