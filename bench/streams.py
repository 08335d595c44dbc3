"""Holds many open streams of programs on the default process while somebody browses.

`python -m bench.streams [--streams 500] [--people 60] [--seconds 20]` builds a small demo company
in a temporary folder, starts `intranet run`, opens a WebSocket for each program (streams `user`
and `public`, a token for each person), keeps asking for the home page, publishes, and prints how
many streams stayed, how many heard each post, and how long pages and messages took. Loopback only.
"""

from __future__ import annotations

import argparse
import http.client
import json
import tempfile
import threading
import time
from pathlib import Path
from urllib.parse import urlencode

from simple_websocket import Client, ConnectionClosed

from bench.company import Company
from bench.lines import report
from bench.sockets import browse


class Listener(threading.Thread):
    """One program: connects, subscribes, notes when it hears of a post."""

    def __init__(self, port: int, token: str) -> None:
        super().__init__(daemon=True)
        self._address = f"ws://127.0.0.1:{port}/api/v1/streaming"
        self._token = token
        self.connected = threading.Event()
        self.heard: dict[str, float] = {}
        self.alive = False

    def run(self) -> None:
        """Listen until the server or the test ends."""
        try:
            line = Client.connect(self._address, subprotocols=[self._token])
            for stream in ("user", "public"):
                line.send(json.dumps({"type": "subscribe", "stream": stream}))
            line.send("{}")  # its refusal says that the subscriptions were taken
            self.alive = "error" in json.loads(line.receive())
            self.connected.set()
            while True:
                said = json.loads(line.receive())
                if said.get("event") == "update" and said["stream"] == ["public"]:
                    post = json.loads(said["payload"])["id"]
                    self.heard.setdefault(post, time.perf_counter())
        except (ConnectionClosed, OSError):
            self.alive = False


def publish(port: int, token: str, text: str) -> tuple[str, float]:
    """Publish for the whole organisation; gives the post's number and when it was answered."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {
        "Authorization": f"Bearer {token}",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    connection.request("POST", "/api/v1/statuses", urlencode({"status": text}), headers)
    answer = connection.getresponse()
    body = json.loads(answer.read())
    assert answer.status == 200, body
    return body["id"], time.perf_counter()


def main() -> None:
    """Run it and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--streams", type=int, default=500)
    parser.add_argument("--people", type=int, default=60)
    parser.add_argument("--seconds", type=float, default=20)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, Company(Path(folder)) as company:
        tokens = company.tokens(wanted.people)
        cookie = company.sessions(1)[0][0]
        before = company.memory_bytes()
        listeners = [
            Listener(company.port, tokens[number % len(tokens)]) for number in range(wanted.streams)
        ]
        start = time.perf_counter()
        for listener in listeners:
            listener.start()
            time.sleep(0.005)
        connected = sum(listener.connected.wait(30) for listener in listeners)
        took = time.perf_counter() - start
        people = len(tokens)
        print(f"connected {connected} of {wanted.streams} (people {people}) in {took:.1f} s")
        print(f"memory for each {(company.memory_bytes() - before) / wanted.streams / 1e3:.0f} kB")
        pages: list[float] = []
        until = time.perf_counter() + wanted.seconds
        browser = threading.Thread(target=browse, args=(company.port, cookie, until, pages))
        browser.start()
        sent = []
        while time.perf_counter() < until - 3:
            sent.append(publish(company.port, tokens[0], f"Bench {len(sent)}"))
            time.sleep(1)
        browser.join()
        time.sleep(8)
        alive = sum(one.alive for one in listeners)
        whole = sum(len(one.heard) >= len(sent) for one in listeners)
        delays = [
            one.heard[post] - at for one in listeners for post, at in sent if post in one.heard
        ]
        memory = company.memory_bytes()
        report(alive, whole, len(listeners), len(sent), delays, pages, memory)


if __name__ == "__main__":
    main()
