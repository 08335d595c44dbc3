"""The default process (`intranet run`, one gevent process) with the bare answers beside it."""

# Nothing may be imported before the standard library is patched.
# ruff: noqa: I001
from intranet.servers import embedded

from bench.bare import beside
from intranet.servers import start

_create = embedded.create_app
embedded.create_app = lambda settings: beside(_create(settings))

if __name__ == "__main__":
    start.run(embedded.main)
