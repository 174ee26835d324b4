"""The shop's network: three subnets per zone, and a NAT gateway per zone for the application tier."""

from collections.abc import Mapping, Sequence

from checker.demo.plan import TIERS, Plan

EVERYWHERE = "0.0.0.0/0"
EVERYWHERE6 = "::/0"
SHARED = ("vpc", "subnet.", "igw", "eigw", "nat.", "eip.", "rt.", "nacl.", "vpce.")
EPHEMERAL = (1024, 65535)

Entry = tuple[str, tuple[int, int] | None]


def build(plan: Plan) -> None:
    """Create the network, or take over the one of the shop named in the options."""
    if plan.options.vpc is not None:
        plan.ids.update({key: value for key, value in plan.options.vpc.items() if key.startswith(SHARED)})
        return
    _vpc(plan)
    _subnets(plan)
    _public_routes(plan)
    for zone in range(plan.options.zones):
        _app_routes(plan, zone)
    _route_table(plan, "rt.data", [f"subnet.data.{zone}" for zone in range(plan.options.zones)])
    if plan.options.custom_acls:
        _acls(plan)


def _vpc(plan: Plan) -> None:
    ec2 = plan.client("ec2")
    vpc = ec2.create_vpc(
        CidrBlock=plan.options.cidr,
        AmazonProvidedIpv6CidrBlock=plan.options.ipv6,
        TagSpecifications=plan.tagged("vpc", "vpc"),
    )["Vpc"]["VpcId"]
    ec2.modify_vpc_attribute(VpcId=vpc, EnableDnsHostnames={"Value": True})
    gateway = ec2.create_internet_gateway(TagSpecifications=plan.tagged("internet-gateway", "igw"))
    plan.ids["vpc"], plan.ids["igw"] = vpc, gateway["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(VpcId=vpc, InternetGatewayId=plan.ids["igw"])
    if plan.options.ipv6:
        outbound = ec2.create_egress_only_internet_gateway(VpcId=vpc)
        plan.ids["eigw"] = outbound["EgressOnlyInternetGateway"]["EgressOnlyInternetGatewayId"]


def _subnets(plan: Plan) -> None:
    ec2 = plan.client("ec2")
    zones = [each["ZoneName"] for each in ec2.describe_availability_zones()["AvailabilityZones"]]
    blocks6 = _ipv6_blocks(plan)
    for tier in TIERS:
        blocks = plan.block(tier).subnets(prefixlen_diff=2)
        for zone, block in zip(range(plan.options.zones), blocks, strict=False):
            key = f"subnet.{tier}.{zone}"
            more = {"Ipv6CidrBlock": blocks6.pop(0)} if blocks6 else {}
            created = ec2.create_subnet(
                VpcId=plan.ids["vpc"],
                CidrBlock=str(block),
                AvailabilityZone=zones[zone],
                TagSpecifications=plan.tagged("subnet", key),
                **more,
            )
            plan.ids[key] = created["Subnet"]["SubnetId"]


def _ipv6_blocks(plan: Plan) -> list[str]:
    if not plan.options.ipv6:
        return []
    vpc = plan.client("ec2").describe_vpcs(VpcIds=[plan.ids["vpc"]])["Vpcs"][0]
    prefix = vpc["Ipv6CidrBlockAssociationSet"][0]["Ipv6CidrBlock"].removesuffix("00::/56")
    return [f"{prefix}{number:02x}::/64" for number in range(len(TIERS) * plan.options.zones)]


def _route_table(plan: Plan, key: str, subnets: list[str]) -> str:
    ec2 = plan.client("ec2")
    created = ec2.create_route_table(VpcId=plan.ids["vpc"], TagSpecifications=plan.tagged("route-table", key))
    table: str = created["RouteTable"]["RouteTableId"]
    plan.ids[key] = table
    for subnet in subnets:
        ec2.associate_route_table(RouteTableId=table, SubnetId=plan.ids[subnet])
    return table


def _public_routes(plan: Plan) -> None:
    ec2 = plan.client("ec2")
    table = _route_table(plan, "rt.public", [f"subnet.public.{zone}" for zone in range(plan.options.zones)])
    ec2.create_route(RouteTableId=table, DestinationCidrBlock=EVERYWHERE, GatewayId=plan.ids["igw"])
    if plan.options.ipv6:
        ec2.create_route(RouteTableId=table, DestinationIpv6CidrBlock=EVERYWHERE6, GatewayId=plan.ids["igw"])


def _app_routes(plan: Plan, zone: int) -> None:
    ec2 = plan.client("ec2")
    address = ec2.allocate_address(Domain="vpc", TagSpecifications=plan.tagged("elastic-ip", f"eip.{zone}"))
    plan.ids[f"eip.{zone}"] = address["AllocationId"]
    gateway = ec2.create_nat_gateway(
        SubnetId=plan.ids[f"subnet.public.{zone}"],
        AllocationId=address["AllocationId"],
        TagSpecifications=plan.tagged("natgateway", f"nat.{zone}"),
    )["NatGateway"]["NatGatewayId"]
    plan.ids[f"nat.{zone}"] = gateway
    table = _route_table(plan, f"rt.app.{zone}", [f"subnet.app.{zone}"])
    ec2.create_route(RouteTableId=table, DestinationCidrBlock=EVERYWHERE, NatGatewayId=gateway)
    if plan.options.ipv6:
        outbound = plan.ids["eigw"]
        ec2.create_route(RouteTableId=table, DestinationIpv6CidrBlock=EVERYWHERE6, EgressOnlyInternetGatewayId=outbound)


def _acls(plan: Plan) -> None:
    """Give each tier its own network ACL, which lets in what its clients need and the answers to its own calls."""
    public, app = str(plan.block("public")), str(plan.block("app"))
    anyone = [EVERYWHERE, EVERYWHERE6] if plan.options.ipv6 else [EVERYWHERE]
    answers = [(each, EPHEMERAL) for each in anyone]
    inbound: dict[str, Sequence[Entry]] = {
        "public": [(each, (port, port)) for each in anyone for port in (80, 443)] + answers,
        "app": [(public, (8080, 8080)), *answers],
        "data": [(app, (port, port)) for port in (2049, 5432, 6379)],
    }
    outbound: dict[str, Sequence[Entry]] = {
        "public": [(each, None) for each in anyone],
        "app": [(each, None) for each in anyone],
        "data": [(app, EPHEMERAL)],
    }
    associations = {
        each["SubnetId"]: each["NetworkAclAssociationId"]
        for acl in plan.client("ec2").describe_network_acls(Filters=[{"Name": "vpc-id", "Values": [plan.ids["vpc"]]}])[
            "NetworkAcls"
        ]
        for each in acl["Associations"]
    }
    for tier in TIERS:
        _acl(plan, tier, {False: inbound[tier], True: outbound[tier]}, associations)


def _acl(
    plan: Plan,
    tier: str,
    allowed: Mapping[bool, Sequence[Entry]],
    associations: dict[str, str],
) -> None:
    ec2, key = plan.client("ec2"), f"nacl.{tier}"
    created = ec2.create_network_acl(VpcId=plan.ids["vpc"], TagSpecifications=plan.tagged("network-acl", key))
    plan.ids[key] = created["NetworkAcl"]["NetworkAclId"]
    for egress, entries in allowed.items():
        for place, (block, ports) in enumerate(entries, 1):
            ec2.create_network_acl_entry(
                NetworkAclId=plan.ids[key],
                RuleNumber=100 * place,
                Egress=egress,
                RuleAction="allow",
                Protocol="6" if ports else "-1",
                **({"PortRange": {"From": ports[0], "To": ports[1]}} if ports else {}),
                **({"Ipv6CidrBlock": block} if ":" in block else {"CidrBlock": block}),
            )
    for subnet in plan.each(f"subnet.{tier}"):
        ec2.replace_network_acl_association(AssociationId=associations[subnet], NetworkAclId=plan.ids[key])
