"""Who may speak to the review page: whoever has the token of the printed link, from this machine's own browser.

The token comes once in the link and then in a cookie that scripts cannot read and other sites cannot send. Requests
under another host name are refused (DNS rebinding), requests that change something from another origin too. Pages may
load nothing but this server's own files, and no script stands in them.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from fastapi import FastAPI, Request, Response
from fastapi.responses import PlainTextResponse, RedirectResponse

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
MOST_BYTES = 20_000_000
_CHANGING = frozenset({"POST", "PUT", "PATCH", "DELETE"})


@dataclass(frozen=True)
class Door:
    """The token, and the names under which the server may be called ("127.0.0.1:8080")."""

    token: str
    hosts: frozenset[str]

    @property
    def cookie(self) -> str:
        """Cookies know no ports: the name holds it, so that two servers on one machine do not disturb each other."""
        return f"kehoach_{min(self.hosts).rpartition(':')[2]}"

    def opens_to(self, offered: str | None) -> bool:
        """Whether ``offered`` is the token; takes the same time for every wrong one."""
        return hmac.compare_digest((offered or "").encode(), self.token.encode())


def new_token() -> str:
    """A token that nobody can guess: 256 bits."""
    return secrets.token_urlsafe(32)


def guard(app: FastAPI, door: Door) -> None:
    """Put ``door`` before every route of ``app``."""

    @app.middleware("http")
    async def check(request: Request, go_on: Callable[[Request], Awaitable[Response]]) -> Response:
        response = _refusal(request, door) or _admission(request, door) or await go_on(request)
        for name, value in HEADERS.items():
            response.headers[name] = value
        response.headers.setdefault("Cache-Control", "no-store")
        return response


def _refusal(request: Request, door: Door) -> Response | None:
    if request.headers.get("host") not in door.hosts:
        return PlainTextResponse("This server answers under its own address only.", 421)
    if request.method in _CHANGING:
        origin = request.headers.get("origin")
        if origin is not None and origin.removeprefix("http://") not in door.hosts:
            return PlainTextResponse("Requests from other sites are refused.", 403)
        length = request.headers.get("content-length", "")
        if not length.isdigit() or int(length) > MOST_BYTES:
            return PlainTextResponse("The request is too large, or does not say how large.", 413)
    return None


def _admission(request: Request, door: Door) -> Response | None:
    """None for who has the cookie; whoever comes with the token gets it and the same address without the token."""
    offered = request.query_params.get("token")
    if offered is not None and request.method == "GET" and door.opens_to(offered):
        response = RedirectResponse(str(request.url.path), 303)
        response.set_cookie(door.cookie, door.token, httponly=True, samesite="strict")
        return response
    if door.opens_to(request.cookies.get(door.cookie)):
        return None
    message = "Open the link that 'kehoach review' printed: it holds the key to this page.\n"
    return PlainTextResponse(message + "Hãy mở đường dẫn mà lệnh 'kehoach review' đã in ra.\n", 401)
