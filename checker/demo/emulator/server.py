"""
The emulated AWS behind HTTP on the loopback interface, for clients other than this process.

    python -m checker.demo.emulator.server --port 0

Point a client at the printed address with AWS_ENDPOINT_URL. Control: `POST /_faults` (JSON list of
rules), `POST /_deny_except` (JSON list of IAM actions, or null), `POST /_reset`, `GET /_calls`.
"""

import argparse
import json
import os
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from botocore.awsrequest import AWSPreparedRequest
from botocore.compat import HTTPHeaders
from moto import mock_aws
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

from checker.demo.emulator.embedded import apply_patches, environment
from checker.demo.emulator.emulator import Dropped, Emulator
from checker.demo.emulator.protocol import read

GLOBAL = ("cloudfront", "iam", "organizations", "route53")


class _Quiet(WSGIRequestHandler):
    # one request per connection, so that a dropped one is closed and Go's client never reuses a closed one
    protocol_version = "HTTP/1.0"

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Print nothing: the only line this program writes is its address."""


def _forwarded(request: Request) -> AWSPreparedRequest:
    """Return the request as it would have gone to AWS, which is how moto finds the service."""
    headers, body = HTTPHeaders(), request.get_data()
    for name, value in request.headers.items():
        headers[name] = value
    call = read(request.method, request.url, dict(headers.items()), body)
    signed = "monitoring" if call.service == "cloudwatch" else call.service
    host = f"{signed}.amazonaws.com" if signed in GLOBAL else f"{signed}.{call.region}.amazonaws.com"
    del headers["Host"]
    headers["Host"] = host
    query = f"?{request.query_string.decode()}" if request.query_string else ""
    raw_path = request.environ.get("RAW_URI", request.path).partition("?")[0]
    return AWSPreparedRequest(request.method, f"https://{host}{raw_path}{query}", headers, body, False)


def _control(emulator: Emulator, request: Request) -> Response:
    body: Any = json.loads(request.get_data() or b"null")
    if request.path == "/_calls":
        return Response(json.dumps(dict(emulator.calls)), mimetype="application/json")
    if request.method != "POST" or request.path not in ("/_faults", "/_deny_except", "/_reset"):
        return Response("unknown control\n", 404)
    try:
        if request.path == "/_faults":
            emulator.faults = body or []
        elif request.path == "/_deny_except":
            emulator.deny_except(body)
        else:
            emulator.reset()
    except (TypeError, ValueError) as wrong:
        return Response(f"{wrong}\n", 400)
    return Response("{}", mimetype="application/json")


def application(emulator: Emulator) -> Callable[[dict[str, Any], Any], Iterable[bytes]]:
    """Return the emulator as a WSGI application."""

    def respond(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        request = Request(environ)
        if request.path.startswith("/_"):
            return _control(emulator, request)(environ, start_response)
        try:
            answer = emulator.answer(_forwarded(request))
        except Dropped:
            # werkzeug closes the connection without a reply on this error
            raise ConnectionResetError("fault: reset") from None
        headers = {k: v for k, v in answer.headers.items() if k.lower() not in ("content-length", "status", "server")}
        return Response(answer.body, answer.status, headers)(environ, start_response)

    return respond


def make(emulator: Emulator, port: int = 0) -> BaseWSGIServer:
    """Return a threaded server on 127.0.0.1 that is listening but not yet serving; 0 takes any free port."""
    return make_server("127.0.0.1", port, application(emulator), threaded=True, request_handler=_Quiet)


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(prog="checker.demo.emulator.server", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes any free port")
    options = parser.parse_args(arguments)
    apply_patches()
    os.environ.update(environment("us-east-1"))
    with mock_aws():
        server = make(Emulator(), options.port)
        print(f"http://127.0.0.1:{server.server_port}", flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            server.server_close()


if __name__ == "__main__":
    main()
