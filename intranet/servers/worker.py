"""Background work in a process of its own."""

import gc
import signal
import sys
import threading

if __name__ == "__main__":
    gc.disable()  # until start.settled

from intranet import background, logs
from intranet.app import create_app
from intranet.previews.fetching import WORKERS as PREVIEW_WORKERS
from intranet.push.delivery import WORKERS as PUSH_WORKERS
from intranet.servers import start
from intranet.settings import load_settings
from intranet.webhooks.delivery import WORKERS as WEBHOOK_WORKERS


def main() -> None:
    """Work until SIGTERM or SIGINT. A task cut short is done again: its row is still there."""
    settings = load_settings()
    logs.configure(settings)
    app = create_app(settings)
    start.make_ready(app, settings)
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(0))
    # A thread of its own: slow servers must not hold up the tasks. It dies with us, and
    # what it held is sent again.
    for slow, number in (
        (background.deliver_forever, 1),
        (background.tell_webhooks_forever, WEBHOOK_WORKERS),
        (background.push_forever, PUSH_WORKERS),
        (background.preview_forever, PREVIEW_WORKERS),
    ):
        for _one in range(number):
            threading.Thread(target=slow, args=(app,), daemon=True).start()
    start.settled()
    start.say("the worker is at work (Ctrl-C stops it)")
    try:
        background.run_forever(app)
    except KeyboardInterrupt:
        sys.exit(0)


if __name__ == "__main__":
    start.run(main)
