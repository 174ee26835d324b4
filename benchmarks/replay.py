"""
A server that answers like the emulated AWS, at the speed of AWS: every request 80 ms, whatever it asks.

The emulator computes its answers, and for hundreds of calls that takes longer than anything that is to be measured.
So the first time a request comes, it is passed on to the emulator and the answer is kept; from then on the same bytes
are given after the delay. A request is the same if service, Region, method, path, target and body are; credentials,
dates and signatures do not count.

    python benchmarks/replay.py --behind http://127.0.0.1:5000 --delay 0.08

Prints its address. `GET /_count` gives the number of requests since the last `POST /_reset`.
"""

import argparse
import http.client
import json
import re
import socketserver
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from urllib.parse import urlsplit

SIGNED_FOR = re.compile(r"Credential=[^/,]+/\d+/([^/]+/[^/]+)/aws4_request")
Key = tuple[str, str, str, str, bytes]


@dataclass(frozen=True)
class Kept:
    """An answer as it came from the emulator."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


@dataclass
class Replay:
    """The kept answers and the count of requests; `behind` is the emulator's host and port."""

    behind: str
    delay: float
    kept: dict[Key, Kept] = field(default_factory=dict)
    count: int = 0
    misses: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Kept:
        """Return the kept answer after the delay, or the emulator's where none is kept yet."""
        signed = SIGNED_FOR.search(headers.get("Authorization", ""))
        key = (signed[1] if signed else "", method, path, headers.get("X-Amz-Target", ""), body)
        with self.lock:
            self.count += 1
            known = self.kept.get(key)
        if known:
            time.sleep(self.delay)
            return known
        asked = self._ask(method, path, headers, body)
        with self.lock:
            self.misses += 1
            self.kept[key] = asked
        return asked

    def _ask(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Kept:
        connection = http.client.HTTPConnection(self.behind, timeout=600)
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            hidden = {"connection", "content-length", "date", "server", "transfer-encoding"}
            told = tuple((name, value) for name, value in response.getheaders() if name.lower() not in hidden)
            return Kept(response.status, told, response.read())
        finally:
            connection.close()


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128


def serve(replay: Replay) -> _Server:
    """Return a listening server on the loopback interface."""

    class Handler(BaseHTTPRequestHandler):
        # AWS keeps connections open; without this a header and its body would wait for each other.
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        wbufsize = -1

        def _respond(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            if self.path == "/_count":
                return self._send(Kept(200, (), json.dumps({"calls": replay.count, "new": replay.misses}).encode()))
            if self.path == "/_reset":
                replay.count = replay.misses = 0
                return self._send(Kept(200, (), b"{}"))
            return self._send(replay.answer(self.command, self.path, dict(self.headers.items()), body))

        do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = _respond  # noqa: N815  # the names http.server looks for

        def _send(self, answer: Kept) -> None:
            self.send_response_only(answer.status)
            for name, value in answer.headers:
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)
            self.wfile.flush()

    return _Server(("127.0.0.1", 0), Handler)


def main() -> None:
    """Serve until the process is ended."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--behind", required=True, metavar="URL", help="the emulator's address")
    parser.add_argument("--delay", type=float, default=0.08, metavar="SECONDS", help="added to every kept answer")
    options = parser.parse_args()
    with serve(Replay(urlsplit(options.behind).netloc, options.delay)) as server:
        print(f"http://127.0.0.1:{server.server_address[1]}", flush=True)
        server.serve_forever()


if __name__ == "__main__":
    main()
