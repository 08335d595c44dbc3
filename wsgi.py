"""For any WSGI server: `granian --interface wsgi wsgi:app`."""

from intranet.app import create_app

app = create_app()
