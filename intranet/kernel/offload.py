"""Keeps work that only burns processor time away from the event loop.

In the gevent process one slow call holds up every socket, so such a call goes to the
hub's pool of real threads; elsewhere it is simply called.
"""

from collections.abc import Callable
from typing import Any, TypeVar

import gevent
from gevent import monkey

T = TypeVar("T")


def run_offloaded(function: Callable[..., T], *args: Any) -> T:
    """`function(*args)`, on a real thread when gevent runs this process. It must not touch the
    database session or the request."""
    if monkey.is_module_patched("threading"):
        result: T = gevent.get_hub().threadpool.apply(function, args)
        return result
    return function(*args)
