"""For any WSGI server: `granian --interface wsgi wsgi:app`."""

# ruff: noqa: E402
import gc

gc.disable()  # what is imported stays, and looking at it takes long

from intranet.app import create_app
from intranet.servers.start import settled

app = create_app()
settled()
