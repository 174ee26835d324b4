"""The domain's hosted zone: one that is there already, or a new one."""

from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from settings import Settings


class HostedZone(pulumi.ComponentResource):
    """The zone by its id; `name_servers` are what the registrar has to be told of a new one."""

    def __init__(self, name: str, settings: Settings, opts: pulumi.ResourceOptions | None = None) -> None:
        """Take the zone that the settings name, or make one."""
        super().__init__("myclothes:index:HostedZone", name, None, opts)

        self.zone_id: pulumi.Input[str]
        self.name_servers: pulumi.Output[Sequence[str]] | None = None
        if settings.hosted_zone_id:
            self.zone_id = settings.hosted_zone_id
        else:
            # A zone that is made again gets other name servers: the shop is gone until the registrar knows them.
            zone = aws.route53.Zone(
                name, name=settings.domain, opts=pulumi.ResourceOptions(parent=self, protect=settings.protect)
            )
            self.zone_id = zone.zone_id
            self.name_servers = zone.name_servers
        self.register_outputs({"zoneId": self.zone_id})
