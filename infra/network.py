"""One network: in each zone a public subnet, one for the app with a way out, and one without for what holds data."""

import pulumi
import pulumi_aws as aws

from settings import Settings

EVERYWHERE = "0.0.0.0/0"
# The network is cut into sixteen; each kind of subnet has four of them, so that a fourth zone would fit.
PARTS_BITS, PUBLIC, APP, DATA = 4, 0, 4, 8


class Network(pulumi.ComponentResource):
    """VPC, subnets, gateways, routes and the endpoints of S3 and DynamoDB; subnets are in the order of `zones`."""

    def __init__(self, name: str, settings: Settings, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the network of a stack; raises `pulumi.RunError` for a Region with too few zones."""
        super().__init__("myclothes:index:Network", name, None, opts)
        self._name, self._settings = name, settings
        self._child = pulumi.ResourceOptions(parent=self)
        self.zones = _zones(settings)

        self.vpc = aws.ec2.Vpc(
            name,
            cidr_block=str(settings.cidr),
            enable_dns_support=True,
            enable_dns_hostnames=True,
            tags={"Name": name},
            opts=self._child,
        )
        # Whatever forgets to name a security group gets this one, which lets nothing in or out.
        aws.ec2.DefaultSecurityGroup(
            f"{name}-unused", vpc_id=self.vpc.id, tags={"Name": f"{name}-unused"}, opts=self._child
        )
        self.public = self._subnets("public", PUBLIC)
        self.app = self._subnets("app", APP)
        self.data = self._subnets("data", DATA)

        self._public_routes()
        self._private_routes()
        self.register_outputs({"vpcId": self.vpc.id})

    def _subnets(self, kind: str, first: int) -> list[aws.ec2.Subnet]:
        blocks = list(self._settings.cidr.subnets(prefixlen_diff=PARTS_BITS))
        return [
            aws.ec2.Subnet(
                f"{self._name}-{kind}-{position}",
                vpc_id=self.vpc.id,
                availability_zone=zone,
                cidr_block=str(blocks[first + position]),
                tags={"Name": f"{self._name}-{kind}-{position}"},
                opts=self._child,
            )
            for position, zone in enumerate(self.zones)
        ]

    def _public_routes(self) -> None:
        """Lead the public subnets to the internet, there and back."""
        self._internet = aws.ec2.InternetGateway(
            self._name, vpc_id=self.vpc.id, tags={"Name": self._name}, opts=self._child
        )
        table = self._route_table("public", self.public)
        aws.ec2.Route(
            f"{self._name}-public",
            route_table_id=table.id,
            destination_cidr_block=EVERYWHERE,
            gateway_id=self._internet.id,
            opts=self._child,
        )

    def _private_routes(self) -> None:
        """Lead the app's subnets out through NAT gateways, and those of the data nowhere."""
        tables = [self._route_table(f"app-{position}", [subnet]) for position, subnet in enumerate(self.app)]
        gateways = self._nat_gateways()
        for position, table in enumerate(tables):
            aws.ec2.Route(
                f"{self._name}-app-{position}",
                route_table_id=table.id,
                destination_cidr_block=EVERYWHERE,
                nat_gateway_id=gateways[position % len(gateways)].id,
                opts=self._child,
            )
        self._route_table("data", self.data)
        # Both services are reached without leaving AWS, and without a NAT gateway's bill.
        for service in ("s3", "dynamodb"):
            aws.ec2.VpcEndpoint(
                f"{self._name}-{service}",
                vpc_id=self.vpc.id,
                service_name=f"com.amazonaws.{self._settings.region}.{service}",
                vpc_endpoint_type="Gateway",
                route_table_ids=[table.id for table in tables],
                tags={"Name": f"{self._name}-{service}"},
                opts=self._child,
            )

    def _route_table(self, kind: str, subnets: list[aws.ec2.Subnet]) -> aws.ec2.RouteTable:
        name = f"{self._name}-{kind}"
        table = aws.ec2.RouteTable(name, vpc_id=self.vpc.id, tags={"Name": name}, opts=self._child)
        for position, subnet in enumerate(subnets):
            aws.ec2.RouteTableAssociation(
                name if len(subnets) == 1 else f"{name}-{position}",
                subnet_id=subnet.id,
                route_table_id=table.id,
                opts=self._child,
            )
        return table

    def _nat_gateways(self) -> list[aws.ec2.NatGateway]:
        """Return the gateways, one that serves each zone or one that serves them all."""
        after = pulumi.ResourceOptions(parent=self, depends_on=[self._internet])
        if self._settings.nat_gateways == "regional":
            # Source: https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateways-regional.html
            gateway = aws.ec2.NatGateway(
                self._name,
                vpc_id=self.vpc.id,
                availability_mode="regional",
                tags={"Name": self._name},
                opts=after,
            )
            return [gateway]
        # One alone takes the way out of every zone with it when its own is lost: for stacks that may be down.
        homes = self.public[:1] if self._settings.nat_gateways == "one" else self.public
        gateways = []
        for position, subnet in enumerate(homes):
            name = f"{self._name}-nat-{position}"
            address = aws.ec2.Eip(name, domain="vpc", tags={"Name": name}, opts=self._child)
            gateways.append(
                aws.ec2.NatGateway(name, allocation_id=address.id, subnet_id=subnet.id, tags={"Name": name}, opts=after)
            )
        return gateways


def _zones(settings: Settings) -> list[str]:
    """Return the names of the zones to use: no Local or Wavelength Zones, which have few services."""
    found = aws.get_availability_zones(
        state="available",
        filters=[aws.GetAvailabilityZonesFilterArgs(name="opt-in-status", values=["opt-in-not-required"])],
    ).names
    if len(found) < settings.zones:
        raise pulumi.RunError(
            f"{settings.region} has {len(found)} Availability Zones for this account, and zones is {settings.zones}: "
            "pulumi config set aws:region REGION, or pulumi config set zones 2"
        )
    return list(found[: settings.zones])
