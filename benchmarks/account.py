"""Accounts of any size, drawn without chance: shops beside the crowd that shares their VPCs, as the APIs tell them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from checker.model.record import Collection, Origin, Record, Scope

ACCOUNT, REGION = "111122223333", "eu-west-1"
SCOPE = Scope(ACCOUNT, REGION)
ORIGIN = Origin("live")
ZONES = ("a", "b")
ANYONE = "0.0.0.0/0"
ARN = f"arn:aws:elasticloadbalancing:{REGION}:{ACCOUNT}:"
# What stands beside shops in a VPC: its share in sixteenths, the type of its interfaces, what AWS writes on them.
CROWD = (
    (9, "lambda", "AWS Lambda VPC ENI-worker-{0}-0b1c2d3e"),
    (5, "branch", "Kubernetes pod {0}"),
    (2, "interface", "arn:aws:ecs:eu-west-1:111122223333:attachment/{0:08x}"),
)


@dataclass(frozen=True, kw_only=True)
class Shape:
    """What does not grow with the interfaces: `sets` are the distinct sets of groups that the crowd wears.

    `rules` are those of the crowd's groups and the shops' together, egress included; `entries` are those of a prefix
    list that the databases of `wide_shops` let in, `acl_rules` and `routes` those of the first VPC.
    """

    vpcs: int = 10
    shops: int = 40
    sets: int = 300
    groups: int = 2000
    rules: int = 20_000
    entries: int = 0
    wide_shops: int = 0
    acl_rules: int = 1
    routes: int = 0


@dataclass
class Account:
    """The records of an account while it is being built."""

    records: list[Record] = field(default_factory=list)
    rule_count: int = 0
    hosts: dict[str, int] = field(default_factory=dict)
    interfaces: int = 0

    def add(self, type_: str, **raw: object) -> None:
        """Add one record."""
        self.records.append(Record("aws-api", type_, SCOPE, raw, ORIGIN))

    def rule(self, group: str, peer: str, first: int = -1, last: int | None = None, *, out: bool = False) -> None:
        """Add one rule of a group: TCP from port `first` to `last`, or everything."""
        self.rule_count += 1
        whom: Mapping[str, object] = (
            {"ReferencedGroupInfo": {"GroupId": peer, "UserId": ACCOUNT}}
            if peer.startswith("sg-")
            else {"PrefixListId": peer}
            if peer.startswith("pl-")
            else {"CidrIpv4": peer}
        )
        self.add(
            "SecurityGroupRule", SecurityGroupRuleId=f"sgr-{self.rule_count:017x}", GroupId=group, GroupOwnerId=ACCOUNT,
            IsEgress=out, IpProtocol="-1" if first < 0 else "tcp", FromPort=first,
            ToPort=first if last is None else last, Tags=[], **whom,
        )  # fmt: skip

    def group(self, id_: str, vpc: str) -> None:
        """Add a group that lets out everything."""
        self.add("SecurityGroup", GroupId=id_, GroupName=id_, VpcId=vpc, OwnerId=ACCOUNT, Description="", Tags=[])
        self.rule(id_, ANYONE, out=True)

    def interface(
        self,
        vpc: int,
        subnet: int,
        groups: tuple[str, ...],
        type_: str = "interface",
        text: str = "",
        instance: str = "",
        public: str = "",
    ) -> str:
        """Add one interface at the next free address of a subnet, and return its id."""
        self.interfaces += 1
        home = _subnet(vpc, subnet)
        host = self.hosts[home] = self.hosts.get(home, 3) + 1
        id_, at = f"eni-{self.interfaces:017x}", f"10.{vpc}.{subnet * 32 + host // 256}.{host % 256}"
        whom: Mapping[str, object] = {"InstanceId": instance} if instance else {"InstanceOwnerId": "amazon-aws"}
        front: Mapping[str, object] = {"Association": {"PublicIp": public}} if public else {}
        self.add(
            "NetworkInterface", NetworkInterfaceId=id_, VpcId=_vpc(vpc), SubnetId=home,
            AvailabilityZone=REGION + ZONES[subnet % 2], Description=text, InterfaceType=type_, OwnerId=ACCOUNT,
            RequesterId="" if instance else "amazon", RequesterManaged=not instance, SourceDestCheck=True,
            Status="in-use", PrivateIpAddress=at, PrivateDnsName=f"ip-{at}.{REGION}.compute.internal",
            PrivateIpAddresses=[{"Primary": True, "PrivateIpAddress": at, **front}], Ipv6Addresses=[], TagSet=[],
            MacAddress=f"02:00:00:00:{host // 256:02x}:{host % 256:02x}",
            Groups=[{"GroupId": group, "GroupName": group} for group in groups],
            Attachment={"AttachmentId": f"eni-attach-{self.interfaces:x}", "Status": "attached", **whom},
            **front,
        )  # fmt: skip
        return id_


def account(interfaces: int, shape: Shape) -> Collection:
    """Return an account with so many interfaces; those beyond what the shape needs are spread evenly over it."""
    made = Account()
    for number in range(shape.vpcs):
        _network(made, number, shape)
    for number in range(1, shape.vpcs, 2):
        _peering(made, number - 1, number)
    for shop in range(shape.shops):
        _shop(made, shop, shop % shape.vpcs)
    worn = list(_crowd_groups(made, shape))
    left = interfaces - made.interfaces
    instances = left * 2 // 5
    for number in range(shape.shops):
        _instances(made, number, number % shape.vpcs, _share(instances, shape.shops, number))
    _crowd(made, shape, worn, left - instances)
    return Collection("live", tuple(made.records))


def cyclic(groups: int, rules: int) -> Collection:
    """Return one shop among groups that name each other: each the next ones, and the last ones the first again."""
    made = Account()
    shape = Shape(vpcs=1, shops=1)
    _network(made, 0, shape)
    _shop(made, 0, 0)
    names = [f"sg-c{number:05d}" for number in range(groups)]
    for number, name in enumerate(names):
        made.group(name, _vpc(0))
        for step in range(1, rules):
            made.rule(name, names[(number + step * step) % groups], 1024 + step)
        made.interface(0, 2 + number % 2, (name,), "lambda", f"AWS Lambda VPC ENI-{name}")
    made.rule("sg-data0000", names[0], 3306)
    # A way in at the far side: what the database lets in is many steps behind it.
    made.rule(names[groups // 2], ANYONE, 22)
    made.interface(0, 1, (names[groups // 2],), public="198.51.100.1")
    return Collection("live", tuple(made.records))


def _vpc(number: int) -> str:
    return f"vpc-{number:08x}"


def _subnet(vpc: int, number: int) -> str:
    return f"subnet-{vpc:04x}{number:04x}"


def _share(whole: int, parts: int, at: int) -> int:
    return whole * (at + 1) // parts - whole * at // parts


def _network(made: Account, number: int, shape: Shape) -> None:
    """Add a VPC: two public subnets, two for apps, two for stores and two for the crowd, each of 8,192 addresses."""
    vpc = _vpc(number)
    made.add(
        "Vpc", VpcId=vpc, CidrBlock=f"10.{number}.0.0/16", OwnerId=ACCOUNT, IsDefault=False, Tags=[],
        CidrBlockAssociationSet=[{"CidrBlock": f"10.{number}.0.0/16", "CidrBlockState": {"State": "associated"}}],
    )  # fmt: skip
    for subnet in range(8):
        made.add(
            "Subnet", SubnetId=_subnet(number, subnet), VpcId=vpc, CidrBlock=f"10.{number}.{subnet * 32}.0/19",
            AvailabilityZone=REGION + ZONES[subnet % 2], MapPublicIpOnLaunch=False, OwnerId=ACCOUNT, Tags=[],
        )  # fmt: skip
    gateway = f"igw-{number:08x}"
    made.add("InternetGateway", InternetGatewayId=gateway, Attachments=[{"VpcId": vpc, "State": "available"}])
    local = {"DestinationCidrBlock": f"10.{number}.0.0/16", "GatewayId": "local", "State": "active"}
    world = {"DestinationCidrBlock": ANYONE, "GatewayId": gateway, "State": "active"}
    far = [
        {"DestinationCidrBlock": f"172.16.{route}.0/24", "TransitGatewayId": "tgw-0a", "State": "active"}
        for route in range(shape.routes if number == 0 else 0)
    ]
    beside = {
        "DestinationCidrBlock": f"10.{number ^ 1}.0.0/16", "VpcPeeringConnectionId": f"pcx-{number & ~1:08x}",
        "State": "active",
    }  # fmt: skip
    for table, subnets, routes in (
        ("pub", (0, 1), [local, world, *far]),
        ("priv", range(2, 8), [local, *far, *([beside] if shape.vpcs > 1 else [])]),
    ):
        made.add(
            "RouteTable", RouteTableId=f"rtb-{table}{number:08x}", VpcId=vpc, Routes=routes,
            Associations=[{"Main": False, "SubnetId": _subnet(number, subnet)} for subnet in subnets],
        )  # fmt: skip
    made.add(
        "NetworkAcl", NetworkAclId=f"acl-{number:08x}", VpcId=vpc, IsDefault=True,
        Associations=[{"SubnetId": _subnet(number, subnet)} for subnet in range(8)],
        Entries=list(_entries(shape.acl_rules if number == 0 else 1)),
    )  # fmt: skip


def _peering(made: Account, one: int, two: int) -> None:
    ends = [
        {"VpcId": _vpc(vpc), "Region": REGION, "OwnerId": ACCOUNT, "CidrBlockSet": [{"CidrBlock": f"10.{vpc}.0.0/16"}]}
        for vpc in (one, two)
    ]
    made.add(
        "VpcPeeringConnection", VpcPeeringConnectionId=f"pcx-{one:08x}", Status={"Code": "active"},
        RequesterVpcInfo=ends[0], AccepterVpcInfo=ends[1], Tags=[],
    )  # fmt: skip


def _entries(count: int) -> Iterator[Mapping[str, object]]:
    for out in (False, True):
        for rule in range(1, count):
            yield {
                "RuleNumber": rule, "Egress": out, "RuleAction": "deny", "Protocol": "6",
                "PortRange": {"From": 20_000 + rule, "To": 20_000 + rule}, "CidrBlock": f"198.18.{rule}.0/24",
            }  # fmt: skip
        for number, action in ((count, "allow"), (32767, "deny")):
            yield {"RuleNumber": number, "Egress": out, "RuleAction": action, "Protocol": "-1", "CidrBlock": ANYONE}


def _shop(made: Account, number: int, vpc: int) -> None:
    """Add a balancer, a group of instances behind it and a database, with the rules that they need."""
    edge, app, data = (f"sg-{tier}{number:04d}" for tier in ("edge", "app", "data"))
    for group in (edge, app, data):
        made.group(group, _vpc(vpc))
    made.rule(edge, ANYONE, 443)
    made.rule(app, edge, 8080)
    if number % 10 == 0:
        made.rule(app, f"10.{vpc}.0.0/16", 22)  # whoever stands in the VPC, as for administration
    made.rule(data, app, 3306)
    name = f"shop-{number:04d}"
    lb, target = f"{ARN}loadbalancer/app/{name}/{number:016x}", f"{ARN}targetgroup/{name}/{number:016x}"
    for subnet in (0, 1):
        made.interface(vpc, subnet, (edge,), "interface", f"ELB app/{name}/{number:016x}")
    made.add(
        "LoadBalancer", LoadBalancerArn=lb, LoadBalancerName=name, Type="application", Scheme="internet-facing",
        VpcId=_vpc(vpc), AvailabilityZones=[{"SubnetId": _subnet(vpc, subnet)} for subnet in (0, 1)],
        SecurityGroups=[edge], State={"Code": "active"}, DNSName=f"{name}.{REGION}.elb.amazonaws.com", Tags=[],
        IpAddressType="ipv4",
    )  # fmt: skip
    made.add(
        "Listener", ListenerArn=f"{ARN}listener/app/{name}/{number:016x}/1", LoadBalancerArn=lb, Port=443,
        Protocol="HTTPS", SslPolicy="ELBSecurityPolicy-TLS13-1-2-2021-06", Certificates=[],
        DefaultActions=[{"Type": "forward", "TargetGroupArn": target}], Rules=[],
    )  # fmt: skip
    made.add(
        "TargetGroup", TargetGroupArn=target, TargetGroupName=name, TargetType="instance", Protocol="HTTP", Port=8080,
        HealthCheckPort="traffic-port", HealthCheckEnabled=True, VpcId=_vpc(vpc), LoadBalancerArns=[lb],
        Attributes=[{"Key": "stickiness.enabled", "Value": "false"}], TargetHealthDescriptions=[],
    )  # fmt: skip
    made.add(
        "LaunchTemplateVersion", LaunchTemplateId=f"lt-{number:08x}", LaunchTemplateName=name, VersionNumber=1,
        DefaultVersion=True,
        LaunchTemplateData={"SecurityGroupIds": [app], "MetadataOptions": {"HttpTokens": "required"}},
    )  # fmt: skip
    subnets = [_subnet(vpc, subnet) for subnet in (4, 5)]
    made.add(
        "DBInstance", DBInstanceIdentifier=f"{name}-db", DBInstanceArn=f"arn:aws:rds:{REGION}:{ACCOUNT}:db:{name}-db",
        Engine="mysql", EngineVersion="8.0.39", MultiAZ=True, StorageEncrypted=True, BackupRetentionPeriod=7,
        DBSubnetGroup={"VpcId": _vpc(vpc), "Subnets": [{"SubnetIdentifier": subnet} for subnet in subnets]},
        VpcSecurityGroups=[{"VpcSecurityGroupId": data}], Endpoint={"Port": 3306}, DeletionProtection=True, TagList=[],
        DBParameterGroups=[{"DBParameterGroupName": "default.mysql8.0"}], DBInstanceStatus="available",
    )  # fmt: skip
    made.interface(vpc, 4 + number % 2, (data,), "interface", "RDSNetworkInterface")


def _instances(made: Account, number: int, vpc: int, count: int) -> None:
    """Add the instances of a shop's Auto Scaling group, and the group."""
    name, group = f"shop-{number:04d}", f"sg-app{number:04d}"
    ids = [f"i-{number:04x}{each:013x}" for each in range(count)]
    tags = [{"Key": "aws:autoscaling:groupName", "Value": name}]
    for each, id_ in enumerate(ids):
        at = 2 + each % 2
        interface = made.interface(vpc, at, (group,), instance=id_)
        made.add(
            "Instance", InstanceId=id_, State={"Name": "running"}, VpcId=_vpc(vpc), SubnetId=_subnet(vpc, at),
            Placement={"AvailabilityZone": REGION + ZONES[at % 2]}, SecurityGroups=[{"GroupId": group}], Tags=tags,
            NetworkInterfaces=[{"NetworkInterfaceId": interface}], MetadataOptions={"HttpTokens": "required"},
        )  # fmt: skip
    made.add(
        "AutoScalingGroup", AutoScalingGroupName=name, MinSize=2, MaxSize=10_000, DesiredCapacity=count, Tags=[],
        VPCZoneIdentifier=",".join(_subnet(vpc, subnet) for subnet in (2, 3)), HealthCheckType="ELB",
        TargetGroupARNs=[f"{ARN}targetgroup/{name}/{number:016x}"], Instances=[{"InstanceId": id_} for id_ in ids],
        LaunchTemplate={"LaunchTemplateId": f"lt-{number:08x}", "Version": "1"},
    )  # fmt: skip


def _crowd_groups(made: Account, shape: Shape) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Add the crowd's groups and yield each set of them that is worn, with its VPC.

    A group lets in a neighbour, blocks of its VPC, some of its subnets or hosts, and partners outside; every
    hundredth one is named by a database, which is what the rules are to find.
    """
    ids = [f"sg-crowd{number:05d}" for number in range(shape.groups - 3 * shape.shops)]
    for number, id_ in enumerate(ids):
        made.group(id_, _vpc(number % shape.vpcs))
        if number < shape.vpcs:
            # A way in: a host that the internet reaches, whose group the crowd's others name in turn.
            made.rule(id_, ANYONE, 22)
            made.interface(number, 1, (id_,), public=f"198.51.100.{number}")
        if number % 100 == 0 and shape.shops:
            made.rule(f"sg-data{(number // 100 * shape.vpcs + number) % shape.shops:04d}", id_, 3306)
    if shape.entries:
        blocks = [{"Cidr": f"{20 + at // 16384}.{at // 64 % 256}.{at % 64 * 4}.0/23"} for at in range(shape.entries)]
        made.add("PrefixList", PrefixListId="pl-0a", PrefixListName="partners", Entries=blocks, OwnerId=ACCOUNT)
        for shop in range(shape.wide_shops):
            made.rule(f"sg-data{shop:04d}", "pl-0a", 3306)
    turn = 0
    while made.rule_count < shape.rules and ids:
        for number, id_ in enumerate(ids[: shape.rules - made.rule_count]):
            vpc = number % shape.vpcs
            beside = ids[(number + shape.vpcs * (turn + 1)) % len(ids)]
            peers = (
                beside,
                f"10.{vpc}.{number % 8 * 32}.0/19",
                f"203.0.{number % 200}.0/24",
                ids[number - number % (10 * shape.vpcs) + vpc],
                f"10.{vpc}.{64 + number % 3}.{number % 32 * 4}/30",
            )
            made.rule(id_, peers[turn % len(peers)], 3000 + turn * 10 + number % 7)
        turn += 1
    for number in range(shape.sets):
        vpc = number % shape.vpcs
        mine = ids[vpc :: shape.vpcs]
        yield vpc, tuple(sorted({mine[number * 7 % len(mine)], mine[number * 3 % len(mine)], mine[number % 5]}))


def _crowd(made: Account, shape: Shape, worn: list[tuple[int, tuple[str, ...]]], count: int) -> None:
    """Add the functions, pods and tasks: owners of their own, since nobody in view claims them."""
    kinds = [(type_, text) for share, type_, text in CROWD for _ in range(share)]
    for number in range(count):
        vpc, groups = worn[number % len(worn)]
        type_, text = kinds[number // shape.vpcs % len(kinds)]
        made.interface(vpc, 6 + number // len(worn) % 2, groups, type_, text.format(number))
