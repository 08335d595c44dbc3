"""Background work in a process of its own."""

import signal
import sys
import threading

from intranet import background, logs
from intranet.app import create_app
from intranet.push.delivery import WORKERS as PUSH_WORKERS
from intranet.servers import start
from intranet.settings import load_settings


def main() -> None:
    """Work until SIGTERM or SIGINT. A task cut short is done again: its row is still there."""
    settings = load_settings()
    logs.configure(settings)
    app = create_app(settings)
    start.make_ready(app, settings)
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(0))
    # A thread of its own: slow servers must not hold up the tasks. It dies with us, and
    # what it held is sent again.
    for slow in (background.deliver_forever, background.tell_webhooks_forever):
        threading.Thread(target=slow, args=(app,), daemon=True).start()
    for _number in range(PUSH_WORKERS):
        threading.Thread(target=background.push_forever, args=(app,), daemon=True).start()
    try:
        background.run_forever(app)
    except KeyboardInterrupt:
        sys.exit(0)


if __name__ == "__main__":
    start.run(main)
