"""Which service and action an HTTP request means, and errors in the shape of its protocol."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from urllib.parse import parse_qs, urlsplit
from xml.sax.saxutils import escape

import botocore.loaders
from botocore.exceptions import UnknownServiceError

SCOPE = re.compile(r"Credential=[^/,]+/\d+/([^/]+)/([^/]+)/aws4_request")
CALLER = "arn:aws:sts::123456789012:assumed-role/audit/demo"
REQUEST_ID = "7a62c49f-347e-4fc4-9331-6e8e00000000"
# the name in a signature where it is neither the IAM prefix nor boto3's name for the service
PREFIXES = {"monitoring": "cloudwatch"}
BOTO_NAMES = {"elasticfilesystem": "efs", "elasticloadbalancing": "elbv2", "es": "opensearch"}
REST_XML = ("route53", "s3", "cloudfront")
# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html and each service's "Common Errors"
DENIED = {
    "ec2": ("UnauthorizedOperation", 403), "query": ("AccessDenied", 403), "rest-xml": ("AccessDenied", 403),
    "json": ("AccessDeniedException", 400), "rest-json": ("AccessDeniedException", 403),
}  # fmt: skip
THROTTLED = {
    "ec2": ("RequestLimitExceeded", 503), "query": ("Throttling", 400), "rest-xml": ("Throttling", 400),
    "json": ("ThrottlingException", 400), "rest-json": ("ThrottlingException", 429),
}  # fmt: skip


@dataclass(frozen=True)
class Call:
    """One request: `service` is the IAM prefix ("elasticfilesystem"), `action` the API action."""

    service: str
    action: str
    protocol: str
    region: str

    @property
    def permission(self) -> str:
        """The IAM action that allows it, such as `ec2:DescribeVpcs`."""
        return f"{self.service}:{self.action}"

    @property
    def names(self) -> tuple[str, str]:
        """The names a fault rule may use for the service: the IAM prefix and boto3's."""
        return self.service, BOTO_NAMES.get(self.service, self.service)


@dataclass(frozen=True)
class Answer:
    """One HTTP response."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def text(value: object) -> str:
    """Return a header or body as text, whichever of text, bytes or nothing it is."""
    return value.decode("utf-8", "replace") if isinstance(value, (bytes, bytearray)) else str(value or "")


def read(method: str, url: str, headers: Mapping[str, object], body: object) -> Call:
    """Return what a signed request asks for; an action that cannot be told is "METHOD /path"."""
    sent = {name.lower(): text(value) for name, value in headers.items()}
    scope = SCOPE.search(sent.get("authorization", ""))
    region, signed = scope.groups() if scope else ("us-east-1", "unknown")
    service = PREFIXES.get(signed, signed)
    if "x-amz-target" in sent:
        return Call(service, sent["x-amz-target"].rpartition(".")[2], "json", region)
    if "form-urlencoded" in sent.get("content-type", ""):
        action = parse_qs(text(body)).get("Action", ["?"])[0]
        return Call(service, action, "ec2" if service == "ec2" else "query", region)
    protocol = "rest-xml" if service in REST_XML else "rest-json"
    return Call(service, _rest_action(service, method, urlsplit(url).path), protocol, region)


@cache
def _routes(service: str) -> list[tuple[str, re.Pattern[str], str]]:
    """Return (method, path, action) of a REST service, the most literal paths first."""
    try:
        model = botocore.loaders.Loader().load_service_model(BOTO_NAMES.get(service, service), "service-2")
    except UnknownServiceError:
        return []
    found = []
    for action, operation in model["operations"].items():
        path = operation["http"]["requestUri"].partition("?")[0]
        parts = re.split(r"(\{\w+\+?\})", path)
        pattern = "".join((".+" if p.endswith("+}") else "[^/]+") if p[:1] == "{" else re.escape(p) for p in parts)
        found.append((-len(re.sub(r"\{.*?\}", "", path)), operation["http"]["method"], pattern, action))
    return [(method, re.compile(pattern), action) for _, method, pattern, action in sorted(found)]


def _rest_action(service: str, method: str, path: str) -> str:
    for wanted, pattern, action in _routes(service):
        if wanted == method and pattern.fullmatch(path):
            return action
    return f"{method} {path}"


def error(call: Call, code: str, status: int | None = None, message: str = "") -> Answer:
    """Return the error as the call's protocol words it; DENY and THROTTLE become the service's own codes."""
    usual = 400
    if code == "DENY":
        code, usual = DENIED[call.protocol]
        message = message or f"User: {CALLER} is not authorized to perform: {call.permission}"
    elif code == "THROTTLE":
        code, usual = THROTTLED[call.protocol]
        message = message or ("Request limit exceeded." if call.protocol == "ec2" else "Rate exceeded")
    return Answer(status or usual, *_word(call, code, message or code))


def _word(call: Call, code: str, message: str) -> tuple[dict[str, str], bytes]:
    if call.protocol in ("json", "rest-json"):
        headers = {"Content-Type": "application/x-amz-json-1.1", "x-amzn-RequestId": REQUEST_ID}
        body = {"message": message, "Message": message}
        if call.protocol == "json":
            return headers, json.dumps({"__type": f"com.amazon.coral.service#{code}", **body}).encode()
        return headers | {"x-amzn-ErrorType": code}, json.dumps(body | {"ErrorCode": code}).encode()
    inner = f"<Code>{escape(code)}</Code><Message>{escape(message)}</Message>"
    if call.protocol == "ec2":
        body_text = f"<Response><Errors><Error>{inner}</Error></Errors><RequestID>{REQUEST_ID}</RequestID></Response>"
    else:
        error_text = f"<Error><Type>Sender</Type>{inner}</Error>"
        body_text = f"<ErrorResponse>{error_text}<RequestId>{REQUEST_ID}</RequestId></ErrorResponse>"
    return {"Content-Type": "text/xml"}, f'<?xml version="1.0" encoding="UTF-8"?>{body_text}'.encode()
