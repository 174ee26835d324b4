"""A certificate of AWS Certificate Manager."""

from collections.abc import Iterator
from dataclasses import dataclass

from checker.model.call import ListCall, Seen
from checker.model.fact import Fact, Known, known_or
from checker.model.resource import Resource
from checker.resources.kind import Kind
from checker.resources.reader import Reader, texts_at
from checker.resources.terraform import common

# Without this filter only certificates with RSA keys of 1,024 and 2,048 bits are listed.
# Source: https://docs.aws.amazon.com/acm/latest/APIReference/API_Filters.html
_KEY_TYPES = (
    "RSA_1024",
    "RSA_2048",
    "RSA_3072",
    "RSA_4096",
    "EC_prime256v1",
    "EC_secp384r1",
    "EC_secp521r1",
)


@dataclass(frozen=True, eq=False, kw_only=True)
class Certificate(Resource):
    """A certificate, called by its ARN; `expires` is a time in ISO 8601, absent before the certificate is issued.

    Source: https://docs.aws.amazon.com/acm/latest/APIReference/API_CertificateSummary.html
    """

    kind = "certificate"

    domain: Fact[str]
    status: Fact[str]
    expires: Fact[str | None]


def _from_api(reader: Reader) -> Iterator[Certificate]:
    yield Certificate(
        id=reader.must("CertificateArn"),
        scope=reader.scope,
        origin=reader.origin,
        name=reader.plain("DomainName"),
        arn=reader.plain("CertificateArn"),
        domain=reader.text("DomainName"),
        status=reader.text("Status"),
        expires=reader.maybe("NotAfter"),
    )


def _from_terraform(reader: Reader) -> Iterator[Certificate]:
    """Yield an `aws_acm_certificate`; one that is not made yet will be issued, or no listener could take it.

    Source: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/acm_certificate
    """
    yield Certificate(
        **common(reader, "domain_name"),
        domain=reader.text("domain_name"),
        status=Known(known_or(reader.text("status"), "ISSUED")),
        expires=reader.maybe("not_after"),
    )


def _in_use(seen: Seen) -> bool:
    return not seen.complete("Listener") or any(
        True for raw in seen.raw("Listener") for _ in texts_at(raw, "Certificates.CertificateArn")
    )


KIND = Kind(
    type=Certificate,
    spellings={
        ("aws-api", "Certificate"): _from_api,
        ("terraform", "aws_acm_certificate"): _from_terraform,
    },
    calls=(
        ListCall(
            service="acm",
            operation="list_certificates",
            type="Certificate",
            result="CertificateSummaryList",
            arguments={"Includes": {"keyTypes": list(_KEY_TYPES)}},
            page=("MaxItems", 1000),
            after=("Listener",),
            when=_in_use,
        ),
    ),
)
