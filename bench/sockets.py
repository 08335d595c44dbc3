"""Holds many live websockets on the default process while somebody browses.

`python -m bench.sockets [--sockets 500] [--seconds 20]` builds a small demo company in a temporary
folder, starts `intranet run`, opens the sockets as its people, keeps asking for the home page,
publishes, and prints how many sockets stayed, how many heard each post and how long pages and
messages took. Loopback only.
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


class Listener(threading.Thread):
    """One browser window: connects, answers pings, notes when it hears of a post."""

    def __init__(self, port: int, cookie: str) -> None:
        super().__init__(daemon=True)
        self._address = f"ws://127.0.0.1:{port}/socket.io/?EIO=4&transport=websocket"
        self._headers = {"Cookie": cookie, "Origin": f"http://127.0.0.1:{port}"}
        self.connected = threading.Event()
        self.heard: list[tuple[float, str]] = []
        self.alive = False

    def run(self) -> None:
        """Listen until the server or the test ends."""
        try:
            line = Client.connect(self._address, headers=self._headers)
            line.send("40")
            self.alive = True
            while True:
                message = line.receive()
                if message == "2":
                    line.send("3")
                elif message.startswith("40"):
                    self.connected.set()
                elif message.startswith("42"):
                    name, data = json.loads(message[2:])
                    if name == "organisation.post":
                        self.heard.append((time.perf_counter(), data["post_id"]))
        except (ConnectionClosed, OSError):
            self.alive = False


def browse(port: int, cookie: str, until: float, seconds: list[float]) -> None:
    """Ask for the home page again and again."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    while time.perf_counter() < until:
        start = time.perf_counter()
        connection.request("GET", "/", headers={"Cookie": cookie})
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 200, answer.status
        seconds.append(time.perf_counter() - start)
        time.sleep(0.05)


def publish(port: int, cookie: str, csrf: str, text: str) -> float:
    """Publish for the whole organisation; gives when it was sent."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    body = urlencode({"source": text, "audience": "organisation", "csrf_token": csrf})
    sent = time.perf_counter()
    headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", "/posts", body, headers)
    answer = connection.getresponse()
    answer.read()
    assert answer.status in (201, 303), answer.status
    return sent


def main() -> None:
    """Run it and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sockets", type=int, default=500)
    parser.add_argument("--seconds", type=float, default=20)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, Company(Path(folder)) as company:
        cookies = [cookie for cookie, _csrf in company.sessions(60)]
        listeners = [
            Listener(company.port, cookies[number % len(cookies)])
            for number in range(wanted.sockets)
        ]
        start = time.perf_counter()
        for listener in listeners:
            listener.start()
            time.sleep(0.005)
        connected = sum(listener.connected.wait(30) for listener in listeners)
        print(f"connected {connected} of {wanted.sockets} in {time.perf_counter() - start:.1f} s")
        pages: list[float] = []
        until = time.perf_counter() + wanted.seconds
        browsers = [
            threading.Thread(target=browse, args=(company.port, cookie, until, pages))
            for cookie in cookies[:2]
        ]
        for browser in browsers:
            browser.start()
        author, csrf = company.sessions(1)[0]
        sent = []
        while time.perf_counter() < until - 2:
            sent.append(publish(company.port, author, csrf, f"Bench {len(sent)}"))
            time.sleep(1)
        for browser in browsers:
            browser.join()
        time.sleep(1)
        alive = sum(one.alive for one in listeners)
        whole = sum(len(one.heard) == len(sent) for one in listeners)
        delays = [
            heard - sent[number]
            for one in listeners
            for number, (heard, _post) in enumerate(one.heard[: len(sent)])
        ]
        memory = company.memory_bytes()
        report(alive, whole, len(listeners), len(sent), delays, pages, memory)


if __name__ == "__main__":
    main()
