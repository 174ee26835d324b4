"""ACM: a certificate asked for is issued at once, and is in use by load balancers, not by listeners."""

from functools import cache
from typing import Any

from moto.acm.models import AWSCertificateManagerBackend

from checker.demo.emulator.patching import replaces


@cache
def apply() -> None:
    """
    Patch moto's ACM models.

    Source: https://docs.aws.amazon.com/acm/latest/APIReference/API_CertificateDetail.html
    """

    @replaces(AWSCertificateManagerBackend, "request_certificate")
    def _(original: Any, self: Any, *args: Any, **kwargs: Any) -> str:
        arn: str = original(self, *args, **kwargs)
        self._certificates[arn].status = "ISSUED"
        return arn

    @replaces(AWSCertificateManagerBackend, "set_certificate_in_use_by")
    def _(original: Any, self: Any, arn: str, load_balancer_name: str) -> None:
        prefix, listener, rest = load_balancer_name.partition(":listener/")
        balancer = f"{prefix}:loadbalancer/{rest.rsplit('/', 1)[0]}" if listener else load_balancer_name
        if balancer not in self._certificates[arn].in_use_by:
            original(self, arn, balancer)
