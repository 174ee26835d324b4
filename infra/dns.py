"""The shop's name: a record that leads to the load balancer, and a look at the shop from outside."""

import pulumi
import pulumi_aws as aws

from edge import HEALTH_PATH
from settings import Settings


class Dns(pulumi.ComponentResource):
    """Alias record of the domain, and a health check that asks for the same page as the load balancer does."""

    def __init__(
        self,
        name: str,
        settings: Settings,
        *,
        zone_id: pulumi.Input[str],
        load_balancer: aws.lb.LoadBalancer,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Lead the domain to a load balancer."""
        super().__init__("myclothes:index:Dns", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)

        self.record = aws.route53.Record(
            f"{name}-shop",
            zone_id=zone_id,
            name=settings.domain,
            type="A",
            aliases=[
                aws.route53.RecordAliasArgs(
                    name=load_balancer.dns_name, zone_id=load_balancer.zone_id, evaluate_target_health=True
                )
            ],
            opts=child,
        )
        self.health_check_id: pulumi.Output[str] | None = None
        if settings.health_check:
            check = aws.route53.HealthCheck(
                f"{name}-shop",
                type="HTTPS",
                fqdn=settings.domain,
                port=443,
                resource_path=HEALTH_PATH,
                request_interval=30,
                failure_threshold=3,
                tags={"Name": settings.domain},
                opts=child,
            )
            self.health_check_id = check.id
        self.register_outputs({"fqdn": self.record.fqdn})
