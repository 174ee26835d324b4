"""A shop of three tiers as a Pulumi program declares it, and as a preview and a state of the engine's tell it.

Each resource is declared once, with references to others; the preview has unknown values in their places and tells
what each property hangs on, the state has the ids that AWS gave.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
PROJECT, STACK = "shop", "prod"
ROOT = f"urn:pulumi:{STACK}::{PROJECT}::pulumi:pulumi:Stack::{PROJECT}-{STACK}"
PROVIDER = f"urn:pulumi:{STACK}::{PROJECT}::pulumi:providers:aws::default_7_51_1"
ACCOUNT, REGION = "123456789012", "eu-west-1"
ZONES = ("eu-west-1a", "eu-west-1b")


@dataclass(frozen=True)
class Ref:
    """A property of another resource of the shop, which is called by its type and name: `Subnet.app-0`."""

    name: str
    property: str = "id"


@dataclass(frozen=True)
class Declared:
    """A resource as the program declares it."""

    token: str
    name: str
    inputs: Mapping[str, object]

    @property
    def called(self) -> str:
        return f"{self.token.rpartition(':')[2]}.{self.name}"

    @property
    def urn(self) -> str:
        return f"urn:pulumi:{STACK}::{PROJECT}::{self.token}::{self.name}"


def shop() -> list[Declared]:
    """Return the resources of a shop without a fault."""
    return list(_shop())


def _shop() -> Iterator[Declared]:
    def declared(token: str, called: str, /, **inputs: object) -> Declared:
        return Declared(token, called, inputs)

    yield declared("aws:ec2/vpc:Vpc", "net", cidrBlock="10.0.0.0/16", enableDnsHostnames=True)
    yield declared("aws:ec2/internetGateway:InternetGateway", "gateway", vpcId=Ref("Vpc.net"))
    yield declared(
        "aws:ec2/routeTable:RouteTable",
        "public",
        vpcId=Ref("Vpc.net"),
        routes=[{"cidrBlock": "0.0.0.0/0", "gatewayId": Ref("InternetGateway.gateway")}],
    )
    yield declared("aws:ec2/routeTable:RouteTable", "data", vpcId=Ref("Vpc.net"))
    for number, zone in enumerate(ZONES):
        for tier, offset in (("public", 0), ("app", 10), ("data", 20)):
            yield declared(
                "aws:ec2/subnet:Subnet",
                f"{tier}-{number}",
                vpcId=Ref("Vpc.net"),
                availabilityZone=zone,
                cidrBlock=f"10.0.{offset + number}.0/24",
                mapPublicIpOnLaunch=tier == "public",
            )
        yield declared("aws:ec2/eip:Eip", f"eip-{number}", domain="vpc")
        yield declared(
            "aws:ec2/natGateway:NatGateway",
            f"nat-{number}",
            allocationId=Ref(f"Eip.eip-{number}"),
            subnetId=Ref(f"Subnet.public-{number}"),
        )
        yield declared("aws:ec2/routeTable:RouteTable", f"app-{number}", vpcId=Ref("Vpc.net"))
        yield declared(
            "aws:ec2/route:Route",
            f"out-{number}",
            routeTableId=Ref(f"RouteTable.app-{number}"),
            destinationCidrBlock="0.0.0.0/0",
            natGatewayId=Ref(f"NatGateway.nat-{number}"),
        )
        for tier in ("public", "app", "data"):
            yield declared(
                "aws:ec2/routeTableAssociation:RouteTableAssociation",
                f"{tier}-way-{number}",
                subnetId=Ref(f"Subnet.{tier}-{number}"),
                routeTableId=Ref(f"RouteTable.app-{number}") if tier == "app" else Ref(f"RouteTable.{tier}"),
            )
    for group in ("front", "app", "cache", "database"):
        yield declared(
            "aws:ec2/securityGroup:SecurityGroup", group, name=f"shop-{group}", description=group, vpcId=Ref("Vpc.net")
        )
    for port in (80, 443):
        yield _ingress(f"front-{port}", "front", port, cidrIpv4="0.0.0.0/0")
    yield _ingress("app-from-front", "app", 8080, referencedSecurityGroupId=Ref("SecurityGroup.front"))
    yield _ingress("cache-from-app", "cache", 6379, referencedSecurityGroupId=Ref("SecurityGroup.app"))
    yield _ingress("database-from-app", "database", 5432, referencedSecurityGroupId=Ref("SecurityGroup.app"))
    for group in ("front", "app"):
        yield declared(
            "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
            f"{group}-out",
            securityGroupId=Ref(f"SecurityGroup.{group}"),
            ipProtocol="-1",
            cidrIpv4="0.0.0.0/0",
        )
    yield declared("aws:acm/certificate:Certificate", "certificate", domainName="shop.example", validationMethod="DNS")
    yield declared(
        "aws:lb/loadBalancer:LoadBalancer",
        "front",
        name="front",
        loadBalancerType="application",
        securityGroups=[Ref("SecurityGroup.front")],
        subnets=[Ref("Subnet.public-0"), Ref("Subnet.public-1")],
    )
    yield declared(
        "aws:lb/targetGroup:TargetGroup",
        "app",
        name="app",
        port=8080,
        protocol="HTTP",
        vpcId=Ref("Vpc.net"),
        healthCheck={"path": "/healthz"},
        stickiness={"type": "lb_cookie", "enabled": True, "cookieDuration": 3600},
    )
    yield declared(
        "aws:lb/listener:Listener",
        "https",
        loadBalancerArn=Ref("LoadBalancer.front", "arn"),
        port=443,
        protocol="HTTPS",
        sslPolicy="ELBSecurityPolicy-TLS13-1-2-2021-06",
        certificateArn=Ref("Certificate.certificate", "arn"),
        defaultActions=[{"type": "forward", "targetGroupArn": Ref("TargetGroup.app", "arn")}],
    )
    yield declared(
        "aws:lb/listener:Listener",
        "http",
        loadBalancerArn=Ref("LoadBalancer.front", "arn"),
        port=80,
        protocol="HTTP",
        defaultActions=[
            {"type": "redirect", "redirect": {"port": "443", "protocol": "HTTPS", "statusCode": "HTTP_301"}}
        ],
    )
    yield declared(
        "aws:ec2/launchTemplate:LaunchTemplate",
        "app",
        name="app",
        imageId="ami-0123456789abcdef0",
        instanceType="t3.small",
        metadataOptions={"httpTokens": "required"},
        vpcSecurityGroupIds=[Ref("SecurityGroup.app")],
    )
    yield declared(
        "aws:autoscaling/group:Group",
        "app",
        name="app",
        minSize=2,
        maxSize=6,
        healthCheckType="ELB",
        launchTemplate={"id": Ref("LaunchTemplate.app"), "version": "$Latest"},
        vpcZoneIdentifiers=[Ref("Subnet.app-0"), Ref("Subnet.app-1")],
        targetGroupArns=[Ref("TargetGroup.app", "arn")],
    )
    yield declared(
        "aws:autoscaling/policy:Policy",
        "busy",
        name="busy",
        autoscalingGroupName=Ref("Group.app", "name"),
        policyType="TargetTrackingScaling",
        targetTrackingConfiguration={
            "predefinedMetricSpecification": {"predefinedMetricType": "ASGAverageCPUUtilization"},
            "targetValue": 50,
        },
    )
    yield declared(
        "aws:elasticache/subnetGroup:SubnetGroup",
        "cache",
        name="cache",
        subnetIds=[Ref("Subnet.data-0"), Ref("Subnet.data-1")],
    )
    yield declared(
        "aws:elasticache/replicationGroup:ReplicationGroup",
        "cache",
        replicationGroupId="cache",
        description="sessions",
        engine="valkey",
        nodeType="cache.t4g.small",
        numCacheClusters=2,
        automaticFailoverEnabled=True,
        multiAzEnabled=True,
        atRestEncryptionEnabled=True,
        transitEncryptionEnabled=True,
        snapshotRetentionLimit=7,
        subnetGroupName=Ref("SubnetGroup.cache", "name"),
        securityGroupIds=[Ref("SecurityGroup.cache")],
    )
    yield declared(
        "aws:rds/subnetGroup:SubnetGroup", "data", name="data", subnetIds=[Ref("Subnet.data-0"), Ref("Subnet.data-1")]
    )
    yield declared(
        "aws:rds/parameterGroup:ParameterGroup",
        "postgres",
        name="postgres",
        family="postgres16",
        parameters=[{"name": "rds.force_ssl", "value": "1"}],
    )
    yield declared(
        "aws:rds/instance:Instance",
        "database",
        identifier="database",
        engine="postgres",
        engineVersion="16.4",
        instanceClass="db.t4g.small",
        allocatedStorage=20,
        multiAz=True,
        storageEncrypted=True,
        backupRetentionPeriod=7,
        deletionProtection=True,
        dbSubnetGroupName="data",
        parameterGroupName="postgres",
        vpcSecurityGroupIds=[Ref("SecurityGroup.database")],
    )
    # Wherever the writer is, one of them is in another zone.
    for number, zone in enumerate(ZONES):
        yield declared(
            "aws:rds/instance:Instance",
            f"reader-{number}",
            identifier=f"reader-{number}",
            instanceClass="db.t4g.small",
            replicateSourceDb="database",
            availabilityZone=zone,
            storageEncrypted=True,
            parameterGroupName="postgres",
            vpcSecurityGroupIds=[Ref("SecurityGroup.database")],
        )


def _ingress(name: str, group: str, port: int, **source: object) -> Declared:
    inputs = {
        "securityGroupId": Ref(f"SecurityGroup.{group}"),
        "ipProtocol": "tcp",
        "fromPort": port,
        "toPort": port,
        **source,
    }
    return Declared("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", name, inputs)


# What the engine writes of it

# How the ids begin that AWS gives.
_BEGINNINGS = {
    "Eip": "eipalloc",
    "InternetGateway": "igw",
    "LaunchTemplate": "lt",
    "NatGateway": "nat",
    "RouteTable": "rtb",
    "SecurityGroup": "sg",
    "SecurityGroupEgressRule": "sgr",
    "SecurityGroupIngressRule": "sgr",
    "Subnet": "subnet",
    "Vpc": "vpc",
}
_SERVICES = {
    "Certificate": "acm",
    "Listener": "elasticloadbalancing",
    "LoadBalancer": "elasticloadbalancing",
    "TargetGroup": "elasticloadbalancing",
}


def preview(resources: Sequence[Declared]) -> dict[str, object]:
    """Return what `pulumi preview --json` writes of a stack that is not there yet."""
    urns = {one.called: one.urn for one in resources}
    steps: list[dict[str, object]] = [
        {"op": "create", "urn": ROOT, "newState": {"urn": ROOT, "custom": False, "type": "pulumi:pulumi:Stack"}}
    ]
    for line, one in enumerate(resources, 1):
        state = {
            "urn": one.urn,
            "custom": True,
            "type": one.token,
            "inputs": {"__defaults": [], **{name: _unknown(value) for name, value in one.inputs.items()}},
            "parent": ROOT,
            "provider": f"{PROVIDER}::{UNKNOWN}",
            "propertyDependencies": {
                name: [urns[ref.name] for ref in _refs(value)] for name, value in one.inputs.items()
            },
            "sourcePosition": f"project:///__main__.py#{line},1",
        }
        steps.append({"op": "create", "urn": one.urn, "provider": state["provider"], "newState": state})
    return {
        "config": {"aws:region": REGION, "shop:password": "[secret]"},
        "steps": steps,
        "duration": 4_000_000_000,
        "changeSummary": {"create": len(steps)},
    }


def state(resources: Sequence[Declared]) -> dict[str, object]:
    """Return what `pulumi stack export` writes of the stack."""
    found = outputs(resources)
    provider: dict[str, object] = {
        "urn": PROVIDER,
        "custom": True,
        "id": "0d4a8a7a-0000-4000-8000-000000000000",
        "type": "pulumi:providers:aws",
        "inputs": {"region": REGION},
        "outputs": {"region": REGION},
    }
    states = [{"urn": ROOT, "custom": False, "type": "pulumi:pulumi:Stack", "outputs": {}}, provider]
    states.extend(
        {
            "urn": one.urn,
            "custom": True,
            "id": found[one.called]["id"],
            "type": one.token,
            "inputs": {"__defaults": [], **{name: _known(value, found) for name, value in one.inputs.items()}},
            "outputs": {"__meta": "{}", **found[one.called]},
            "parent": ROOT,
            "provider": f"{PROVIDER}::{provider['id']}",
            "propertyDependencies": dict.fromkeys(one.inputs),
            "sourcePosition": f"project:///__main__.py#{line}",
        }
        for line, one in enumerate(resources, 1)
    )
    return {
        "version": 3,
        "deployment": {
            "manifest": {"time": "2026-01-01T00:00:00Z", "magic": "", "version": "v3.200.0"},
            "secrets_providers": {"type": "passphrase"},
            "resources": states,
        },
    }


def outputs(resources: Sequence[Declared]) -> dict[str, dict[str, object]]:
    """Return what AWS makes of each resource, by what it is called: its id, ARN and what was given."""
    found: dict[str, dict[str, object]] = {}
    for number, one in enumerate(resources):
        kind = one.token.rpartition(":")[2]
        name = next((one.inputs[key] for key in ("name", "identifier", "replicationGroupId") if key in one.inputs), "")
        service, start = _SERVICES.get(kind), _BEGINNINGS.get(kind)
        arn = f"arn:aws:{service or 'ec2'}:{REGION}:{ACCOUNT}:{kind.lower()}/{one.name}"
        own = arn if service else f"{start}-{number:017x}" if start else name or f"{one.name}-{number}"
        found[one.called] = {"id": own, "arn": arn, **({"name": name} if "name" in one.inputs else {})}
    for one in resources:
        given = {name: _known(value, found) for name, value in one.inputs.items()}
        found[one.called] = {**given, **found[one.called]}
    return found


def _known(value: object, found: Mapping[str, Mapping[str, object]]) -> object:
    if isinstance(value, Ref):
        return found[value.name][value.property]
    if isinstance(value, dict):
        return {key: _known(item, found) for key, item in value.items()}
    return [_known(item, found) for item in value] if isinstance(value, list) else value


def _unknown(value: object) -> object:
    if isinstance(value, Ref):
        return UNKNOWN
    if isinstance(value, dict):
        return {key: _unknown(item) for key, item in value.items()}
    return [_unknown(item) for item in value] if isinstance(value, list) else value


def _refs(value: object) -> Iterator[Ref]:
    if isinstance(value, Ref):
        yield value
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for item in inner:
        yield from _refs(item)
