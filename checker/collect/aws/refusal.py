"""Why a call was not answered: the errors of AWS and botocore, as a status and one line of text."""

import re
from dataclasses import dataclass
from http.client import HTTPException

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    CredentialRetrievalError,
    NoAuthTokenError,
    NoCredentialsError,
    PartialCredentialsError,
    SSOError,
    TokenRetrievalError,
)
from botocore.exceptions import (
    ConnectionError as Unreachable,
)
from botocore.parsers import ResponseParserError

from checker.model.record import Status

# KeyError and its like come from botocore's own parsers, when an answer is well-formed XML or JSON of another shape.
FAULTS = (
    ClientError,
    BotoCoreError,
    ResponseParserError,
    HTTPException,
    OSError,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
)
NO_CREDENTIALS = (
    NoCredentialsError,
    PartialCredentialsError,
    CredentialRetrievalError,
    NoAuthTokenError,
    SSOError,
    TokenRetrievalError,
)
EXPIRED = {"ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired"}
INVALID = {
    "InvalidClientTokenId",
    "UnrecognizedClientException",
    "AuthFailure",
    "InvalidAccessKeyId",
    "InvalidToken",
    "SignatureDoesNotMatch",
    "InvalidSignatureException",
    "IncompleteSignature",
    "IncompleteSignatureException",
    "MissingAuthenticationToken",
    "MissingAuthenticationTokenException",
}
# What a Region that the account has not opted in to says of credentials that are good elsewhere.
# Source: https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html
FOREIGN = {"InvalidClientTokenId", "UnrecognizedClientException", "AuthFailure", "OptInRequired"}
THROTTLED = {
    "Throttling",
    "ThrottlingException",
    "ThrottledException",
    "Throttled",
    "RequestThrottled",
    "RequestThrottledException",
    "TooManyRequestsException",
    "TooManyRequests",
    "RequestLimitExceeded",
    "BandwidthLimitExceeded",
    "ProvisionedThroughputExceededException",
    "PriorRequestNotComplete",
    "EC2ThrottledException",
    "SlowDown",
    "LimitExceededException",
}
DENIED = re.compile(r"AccessDenied|Unauthorized|AuthorizationError|NotAuthorized|Forbidden|ExplicitDeny", re.IGNORECASE)
NO_SUCH_OPERATION = {
    "InvalidAction",
    "UnknownOperation",
    "UnknownOperationException",
    "UnsupportedOperation",
    "UnsupportedOperationException",
    "NotImplemented",
}
PAGE_TOKEN = re.compile(r"(next|page|pagination)[ _-]?token|marker", re.IGNORECASE)
VALIDATION = re.compile(r"Validation|InvalidParameter|InvalidInput|InvalidRequest")

_LONGEST = 300
_SECRET = re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{12,}|[A-Za-z0-9+/=]{80,}|(?<=//)[^/@\s]+@")


@dataclass(frozen=True)
class Refusal:
    """Why a call was not answered: `code` is AWS's, or the class of the error; `text` is one line without secrets.

    `unreachable` means that nobody was there to ask; `is_about_arguments` that what was asked for may be at fault;
    `supply` says how to mend it, where that does not follow from the status.
    """

    status: Status
    code: str
    text: str
    unreachable: bool = False
    is_about_arguments: bool = False
    supply: str = ""

    @property
    def blames_credentials(self) -> bool:
        """Tell whether the credentials themselves were refused, or there are none."""
        return self.code in EXPIRED | INVALID or self.code in {kind.__name__ for kind in NO_CREDENTIALS}


def refusal(error: BaseException) -> Refusal:
    """Return the refusal that an error of a call means."""
    if isinstance(error, ClientError):
        return _answered(error)
    code = type(error).__name__
    unreachable = isinstance(error, Unreachable)
    return Refusal(Status.FAILED, code, f"{code}: {_line(str(error))}", unreachable)


def not_an_answer(text: str) -> Refusal:
    """Return the refusal that an answer means which cannot be AWS's, or says less than it must."""
    return Refusal(Status.FAILED, "UnreadableAnswer", f"UnreadableAnswer: {text}")


def refuses_page_token(error: BaseException) -> bool:
    """Tell whether an error means that the token of the next page is not, or no longer, good."""
    if not isinstance(error, ClientError):
        return False
    code = _code(error)
    if code in EXPIRED | INVALID:
        return False
    message = str(error.response.get("Error", {}).get("Message", ""))
    return bool(PAGE_TOKEN.search(code)) or (bool(VALIDATION.search(code)) and bool(PAGE_TOKEN.search(message)))


def knows_no_such_operation(error: BaseException) -> bool:
    """Tell whether an error means that the endpoint does not have the operation."""
    if not isinstance(error, ClientError):
        return False
    return _code(error) in NO_SUCH_OPERATION or _http_status(error) == 501


def _answered(error: ClientError) -> Refusal:
    code = _code(error)
    http = _http_status(error)
    # AWS quotes the whole signed request, session token included, when a signature is wrong.
    message = _line(str(error.response.get("Error", {}).get("Message", "")))
    said = "the credentials were refused" if code in EXPIRED | INVALID else message
    text = f"{code}: {said}" if said else code
    if code in EXPIRED | INVALID:
        return Refusal(Status.FAILED, code, text)
    if code == "OptInRequired":
        return Refusal(Status.NOT_OPTED_IN, code, text)
    if code in THROTTLED or http == 429:
        return Refusal(Status.THROTTLED, code, text)
    if DENIED.search(code) or http == 403:
        return Refusal(Status.DENIED, code, text)
    return Refusal(Status.FAILED, code, text, is_about_arguments=400 <= http < 500)


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", "Unknown")).removeprefix("Client.")


def _http_status(error: ClientError) -> int:
    return int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))


def _line(text: str) -> str:
    # The encoded authorization message is another one each time, and says nothing without a further call.
    first = text.partition("Encoded authorization failure message")[0].strip().partition("\n")[0]
    line = _SECRET.sub("(removed)", " ".join(first.split()))
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"
