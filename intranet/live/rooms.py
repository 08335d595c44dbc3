"""Which socket listens to what: settled by the server from the database, never asked for.

A socket hears its account's room, its groups' rooms, the rooms of the authors it follows, and the
rooms of threads it has open and may see. Whenever a membership, a follow or a session changes, the
sockets of that account are settled anew in every process; a sweep every few seconds catches what
was changed behind our back (another process without Redis, the command line).
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import select

from intranet.accounts import sessions
from intranet.accounts.models import Account
from intranet.db import db
from intranet.groups.models import Membership
from intranet.live.socket import (
    ORGANISATION_ROOM,
    account_room,
    author_room,
    group_room,
    server,
    thread_room,
)
from intranet.posts import policies as post_policies
from intranet.posts.models import Post
from intranet.relationships.models import Follow

MAX_THREADS = 20  # open threads of one socket
_NAMESPACE = "/"


@dataclass(slots=True)
class _Socket:
    account_id: int
    session_id: int
    rooms: set[str] = field(default_factory=set)
    threads: set[int] = field(default_factory=set)


class Rooms:
    """The sockets of this process."""

    def __init__(self) -> None:
        self._sockets: dict[str, _Socket] = {}
        self._of_account: dict[int, set[str]] = defaultdict(set)
        self._lock = threading.RLock()

    def __len__(self) -> int:
        return len(self._sockets)

    def open(self, sid: str, account: Account, session_id: int) -> None:
        """Take in a new socket of this session and let it listen."""
        with self._lock:
            self._sockets[sid] = _Socket(account.id, session_id)
            self._of_account[account.id].add(sid)
        self._apply(sid, _rooms_of(account))

    def close(self, sid: str) -> None:
        """Forget a socket that is gone."""
        with self._lock:
            socket = self._sockets.pop(sid, None)
            if socket is not None:
                mine = self._of_account[socket.account_id]
                mine.discard(sid)
                if not mine:
                    del self._of_account[socket.account_id]

    def watch(self, sid: str, account: Account, root_id: int) -> bool:
        """Let the socket hear a thread, if the account may see it; False when not, or when the
        socket has too many open."""
        socket = self._sockets.get(sid)
        if socket is None or len(socket.threads) >= MAX_THREADS:
            return False
        if root_id not in _audible(account, {root_id}):
            return False
        socket.threads.add(root_id)
        server().enter_room(sid, thread_room(root_id), namespace=_NAMESPACE)
        return True

    def unwatch(self, sid: str, root_id: int) -> None:
        """The thread is no longer open."""
        socket = self._sockets.get(sid)
        if socket is not None and root_id in socket.threads:
            socket.threads.discard(root_id)
            server().leave_room(sid, thread_room(root_id), namespace=_NAMESPACE)

    def settle(self, account_ids: Iterable[int]) -> None:
        """Make the sockets of these accounts hear what they may hear now, and end those whose
        session or account has ended."""
        for account_id in set(account_ids):
            sids = list(self._of_account.get(account_id, ()))
            if not sids:
                continue
            held = [self._sockets[sid].session_id for sid in sids if sid in self._sockets]
            alive = sessions.alive(held)
            account = db.session.get(Account, account_id, populate_existing=True)
            rooms = _rooms_of(account) if account is not None and account.is_active else set()
            for sid in sids:
                socket = self._sockets.get(sid)
                if socket is None:
                    continue
                if account is None or socket.session_id not in alive:
                    self._end(sid)
                    continue
                self._apply(sid, rooms)
                self._settle_threads(sid, socket, account)

    def settle_watchers(self) -> None:
        """Check every open thread again: a group's privacy changed."""
        self.settle({socket.account_id for socket in self._sockets.values() if socket.threads})

    def sweep(self) -> None:
        """Find what changed without a word: ended sessions, memberships that are gone."""
        held = dict(self._sockets)
        if not held:
            return
        alive = sessions.alive([socket.session_id for socket in held.values()])
        groups: dict[int, set[str]] = defaultdict(set)
        accounts = {socket.account_id for socket in held.values()}
        rows = db.session.execute(
            select(Membership.account_id, Membership.group_id).where(
                Membership.account_id.in_(accounts)
            )
        )
        for account_id, group_id in rows:
            groups[account_id].add(group_room(group_id))
        stale = set()
        for socket in held.values():
            listens = {room for room in socket.rooms if room.startswith("group:")}
            if socket.session_id not in alive or listens != groups[socket.account_id]:
                stale.add(socket.account_id)
        self.settle(stale)

    def _settle_threads(self, sid: str, socket: _Socket, account: Account) -> None:
        if not socket.threads:
            return
        for root_id in socket.threads - _audible(account, socket.threads):
            self.unwatch(sid, root_id)

    def _apply(self, sid: str, rooms: set[str]) -> None:
        socket = self._sockets.get(sid)
        if socket is None:
            return
        for room in rooms - socket.rooms:
            server().enter_room(sid, room, namespace=_NAMESPACE)
        for room in socket.rooms - rooms:
            server().leave_room(sid, room, namespace=_NAMESPACE)
        socket.rooms = set(rooms)

    def _end(self, sid: str) -> None:
        self.close(sid)
        line = server().manager.eio_sid_from_sid(sid, _NAMESPACE)
        server().disconnect(sid, namespace=_NAMESPACE)
        if line is not None:
            server().eio.disconnect(line)  # the websocket too, not only what speaks through it


def _audible(account: Account, root_ids: set[int]) -> set[int]:
    """Those of these threads that the account may see; a deleted root's thread goes on."""
    visible = post_policies.audience_includes(account)
    return set(db.session.scalars(select(Post.id).where(Post.id.in_(root_ids), visible)))


def _rooms_of(account: Account) -> set[str]:
    """What the account may hear: two statements."""
    rooms = {account_room(account.id), author_room(account.id)}
    groups = select(Membership.group_id).where(Membership.account_id == account.id)
    rooms.update(group_room(group_id) for group_id in db.session.scalars(groups))
    if not account.is_guest:
        rooms.add(ORGANISATION_ROOM)
        follows = select(Follow.followee_id).where(Follow.follower_id == account.id)
        rooms.update(author_room(account_id) for account_id in db.session.scalars(follows))
    return rooms


rooms = Rooms()
