"""The certificate of the shop's domain: one that is there already, or one that ACM issues and renews."""

import pulumi
import pulumi_aws as aws

from settings import Settings


class Certificate(pulumi.ComponentResource):
    """The certificate by its ARN, which is known once the certificate is issued."""

    def __init__(
        self,
        name: str,
        settings: Settings,
        *,
        zone_id: pulumi.Input[str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Take the certificate that the settings name, or request one and prove the domain by a record in the zone."""
        super().__init__("myclothes:index:Certificate", name, None, opts)

        self.arn: pulumi.Input[str]
        self.arn = settings.certificate_arn or self._issued(name, settings.domain, zone_id)
        self.register_outputs({"arn": self.arn})

    def _issued(self, name: str, domain: str, zone_id: pulumi.Input[str]) -> pulumi.Output[str]:
        child = pulumi.ResourceOptions(parent=self)
        certificate = aws.acm.Certificate(name, domain_name=domain, validation_method="DNS", opts=child)
        # One name, one proof.
        proof = certificate.domain_validation_options[0]
        record = aws.route53.Record(
            f"{name}-validation",
            zone_id=zone_id,
            name=proof.resource_record_name,
            type=proof.resource_record_type,
            records=[proof.resource_record_value],
            ttl=300,
            opts=child,
        )
        issued = aws.acm.CertificateValidation(
            name, certificate_arn=certificate.arn, validation_record_fqdns=[record.fqdn], opts=child
        )
        return issued.certificate_arn
