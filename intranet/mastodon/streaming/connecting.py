"""How programs begin to listen, and change what they listen to."""

from __future__ import annotations

import orjson
from flask import Flask, Response, current_app, request
from werkzeug.exceptions import TooManyRequests

from intranet.accounts.models import Account
from intranet.kernel.errors import NotFound
from intranet.mastodon.answers import settings_here
from intranet.mastodon.blueprint import bp
from intranet.mastodon.errors import OutsideScopes, refusal
from intranet.mastodon.identity import access, viewer
from intranet.mastodon.people_lists import timeline_of_list
from intranet.mastodon.requirements import open_to_all, scope
from intranet.mastodon.streaming import server_sent
from intranet.mastodon.streaming.hub import Hub, hub_of
from intranet.mastodon.streaming.line import MOST_STREAMS, POLICY, Line, Refusal
from intranet.mastodon.streaming.sockets import socket_of
from intranet.mastodon.streaming.streams import Channel, Stream, Unknown, stream_of
from intranet.mastodon.streaming.websocket import Handshake, NoHandshake, Upgrade
from intranet.oauth import tokens
from intranet.oauth.scopes import covers

_NOT_HERE = "Streams are served by the process of role realtime"
_PATHS = {str(channel).replace(":", "/"): str(channel) for channel in Channel}


@bp.get("/api/v1/streaming/health")
@open_to_all
def streaming_health() -> Response:
    """Whether there is somebody who would answer."""
    return Response("OK", mimetype="text/plain")


# Two rules each: to the router a request that wants a WebSocket is another kind of request.
@bp.get("/api/v1/streaming")
@bp.get("/api/v1/streaming", websocket=True)
@scope("read:statuses", "read:notifications")
def streaming() -> Response:
    """A WebSocket that carries any number of streams, perhaps one from the beginning
    (`?stream=`). The token may come as its protocol or as `access_token`."""
    wanted = None
    if request.args.get("stream"):
        wanted = _stream(request.args["stream"])
    return _websocket(wanted)


@bp.get("/api/v1/streaming/<path:name>")
@bp.get("/api/v1/streaming/<path:name>", websocket=True)
@scope("read:statuses", "read:notifications")
def streaming_events(name: str) -> Response:
    """One stream, as server-sent events (or as a WebSocket, for programs that ask here)."""
    channel = _PATHS.get(name.strip("/"))
    if channel is None:
        raise NotFound
    wanted = _stream(channel)
    if request.headers.get("Upgrade", "").lower() == "websocket":
        return _websocket(wanted)
    if _is_elsewhere():
        return refusal(503, _NOT_HERE)
    if request.method == "HEAD":
        return Response(mimetype="text/event-stream")
    hub, line = _line(wanted)
    return server_sent.response(line, socket_of(request.environ), hub.close)


def _stream(name: str) -> Stream:
    """The stream that the request names, if its token may listen to it."""
    found = stream_of(name, tag=request.args.get("tag"), list_id=request.args.get("list"))
    _require(viewer(), found, access().scopes)
    return found


def _require(account: Account, stream: Stream, scopes: tuple[str, ...]) -> None:
    """OutsideScopes, or NotFound for a list that is not the account's."""
    if not covers(scopes, stream.scope):
        raise OutsideScopes
    if stream.channel is Channel.LIST:
        timeline_of_list(account, int(stream.subject))


def _websocket(wanted: Stream | None) -> Response:
    try:
        handshake = Handshake(request.headers.items())
    except NoHandshake:
        return refusal(400, "This address opens WebSockets only")
    connection = socket_of(request.environ)
    if _is_elsewhere() or connection is None:
        return refusal(503, _NOT_HERE)
    connection.close()
    hub, line = _line(wanted)
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # its proxy's own
    return Upgrade(handshake, line, lambda one, said: hear(app, one, said), hub.close)


def _line(wanted: Stream | None) -> tuple[Hub, Line]:
    hub = hub_of(current_app)
    line = Line(access().token_id, viewer().id)
    if wanted is not None:
        line.streams.add(wanted)
    if not hub.open(line):
        raise TooManyRequests
    return hub, line


def _is_elsewhere() -> bool:
    """In the processes of role web a stream would take the place of everybody's pages."""
    return settings_here().role not in ("all", "realtime")


def hear(app: Flask, line: Line, said: str) -> None:
    """What a program says on its WebSocket: `{"type": "subscribe" | "unsubscribe", "stream": ...}`
    with `tag` or `list`. What cannot be is answered by an error; who never stops is cut off."""
    if not line.may_speak():
        return line.end(POLICY)
    try:
        frame = orjson.loads(said)
    except ValueError:
        return line.say(Refusal("This is not JSON"))
    kind = frame.get("type") if isinstance(frame, dict) else None
    if kind not in ("subscribe", "unsubscribe"):
        return line.say(Refusal("Unknown type: subscribe or unsubscribe"))
    try:
        stream = stream_of(frame.get("stream"), tag=frame.get("tag"), list_id=frame.get("list"))
    except Unknown as error:
        return line.say(Refusal(error.message))
    except NotFound:
        return line.say(Refusal("Record not found", 404))
    if kind == "unsubscribe":
        return line.streams.discard(stream)
    refused = _subscribe(app, line, stream)
    if refused is not None:
        line.say(refused)
    return None


def _subscribe(app: Flask, line: Line, stream: Stream) -> Refusal | None:
    if stream in line.streams:
        return None
    if len(line.streams) >= MOST_STREAMS:
        return Refusal("Too many streams for one connection", 429)
    with app.app_context():
        found = tokens.find_by_id(line.token_id)
        if found is None or found.account is None:
            return Refusal("The access token is invalid", 401)
        try:
            _require(found.account, stream, found.scopes)
        except OutsideScopes as error:
            return Refusal(error.message, 403)
        except NotFound:
            return Refusal("Record not found", 404)
    line.streams.add(stream)
    return None
