"""For granian: the product with the bare answers beside it."""

from bench.bare import beside
from intranet.app import create_app

app = beside(create_app())
