"""The documented shop as a Pulumi program registers it, as data: what any source of Pulumi's is told of it.

Where one resource takes a property of another, `Of` stands; what that is depends on who looks, and when.
Source of tokens and properties: https://www.pulumi.com/registry/packages/aws/api-docs/
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

ZONES = ("eu-west-1a", "eu-west-1b")
APP, DATABASE, CACHE, FILES = 8080, 5432, 6379, 2049


@dataclass(frozen=True)
class Of:
    """A property of another resource, which has it once it is made."""

    name: str
    property: str = "id"


@dataclass(frozen=True)
class OneOf:
    """What the program makes of several properties: one of them, though which only the update tells."""

    ends: tuple[Of, ...] = ()
    value: object = None


@dataclass(frozen=True)
class Made:
    """A resource of the program: its name, its token, and what the program gives it."""

    name: str
    type: str
    inputs: Mapping[str, object]


def shop() -> tuple[Made, ...]:
    """Return the documented shop."""
    return _SHOP


def called(made: Sequence[Made], stack: str) -> tuple[Made, ...]:
    """Return a shop with another beginning of all names, so that several can stand together."""
    return tuple(_called(one, stack) for one in made)


def without(made: Sequence[Made], *names: str) -> tuple[Made, ...]:
    """Return a shop without some of its resources."""
    assert {one.name for one in made} >= set(names)
    return tuple(one for one in made if one.name not in names)


def changed(made: Sequence[Made], name: str, **inputs: object) -> tuple[Made, ...]:
    """Return a shop with other inputs of one resource; None takes one away."""
    [old] = [one for one in made if one.name == name]
    given = {key: value for key, value in {**old.inputs, **inputs}.items() if value is not None}
    return tuple(replace(one, inputs=given) if one is old else one for one in made)


def _called(made: Made, stack: str) -> Made:
    def renamed(value: object) -> object:
        if isinstance(value, Of):
            return Of(f"{stack}-{value.name}", value.property)
        if isinstance(value, OneOf):
            return replace(value, ends=tuple(Of(f"{stack}-{end.name}", end.property) for end in value.ends))
        if isinstance(value, dict):
            return {key: renamed(item) for key, item in value.items()}
        if isinstance(value, list):
            return [renamed(item) for item in value]
        return value.replace("{stack}", stack) if isinstance(value, str) else value

    inputs = {key: renamed(value) for key, value in made.inputs.items()}
    return Made(f"{stack}-{made.name}", made.type, inputs)


def _network() -> Iterator[Made]:
    yield Made("vpc", "aws:ec2/vpc:Vpc", {"cidrBlock": "10.0.0.0/16", "enableDnsHostnames": True})
    yield Made("gateway", "aws:ec2/internetGateway:InternetGateway", {"vpcId": Of("vpc")})
    table = "aws:ec2/routeTable:RouteTable"
    world = {"cidrBlock": "0.0.0.0/0"}
    yield Made("public", table, {"vpcId": Of("vpc"), "routes": [{**world, "gatewayId": Of("gateway")}]})
    yield Made("data", table, {"vpcId": Of("vpc"), "routes": []})
    for number, zone in enumerate(ZONES):
        at = zone[-1]
        for tier, base in (("public", 0), ("app", 10), ("data", 20)):
            where = {"cidrBlock": f"10.0.{base + number}.0/24", "availabilityZone": zone}
            public = {"mapPublicIpOnLaunch": False}
            yield Made(f"{tier}-{at}", "aws:ec2/subnet:Subnet", {"vpcId": Of("vpc"), **where, **public})
        yield Made(f"address-{at}", "aws:ec2/eip:Eip", {"domain": "vpc"})
        ends = {"subnetId": Of(f"public-{at}"), "allocationId": Of(f"address-{at}")}
        yield Made(f"nat-{at}", "aws:ec2/natGateway:NatGateway", {**ends, "connectivityType": "public"})
        out = {**world, "natGatewayId": Of(f"nat-{at}")}
        yield Made(f"app-table-{at}", table, {"vpcId": Of("vpc"), "routes": [out]})
        for tier, goes in (("public", "public"), ("app", f"app-table-{at}"), ("data", "data")):
            ends = {"subnetId": Of(f"{tier}-{at}"), "routeTableId": Of(goes)}
            yield Made(f"{tier}-{at}-routes", "aws:ec2/routeTableAssociation:RouteTableAssociation", ends)


def _groups() -> Iterator[Made]:
    for tier in ("edge", "app", "cache", "database", "files"):
        given = {"name": tier, "description": f"The {tier}", "vpcId": Of("vpc")}
        yield Made(f"{tier}-group", "aws:ec2/securityGroup:SecurityGroup", given)

    def opened(name: str, group: str, port: int, way: str = "In", **peer: object) -> Made:
        given = {"securityGroupId": Of(f"{group}-group"), "ipProtocol": "tcp", "fromPort": port, "toPort": port}
        token = f"aws:vpc/securityGroup{way}gressRule:SecurityGroup{way}gressRule"
        return Made(name, token, {**given, **peer, "description": name})

    yield opened("world-http", "edge", 80, cidrIpv4="0.0.0.0/0")
    yield opened("world-https", "edge", 443, cidrIpv4="0.0.0.0/0")
    yield opened("app-out", "app", 443, "E", cidrIpv4="0.0.0.0/0")
    for source, target, port in (
        ("edge", "app", APP),
        ("app", "cache", CACHE),
        ("app", "database", DATABASE),
        ("app", "files", FILES),
    ):
        yield opened(f"{target}-from-{source}", target, port, referencedSecurityGroupId=Of(f"{source}-group"))
        yield opened(f"{source}-to-{target}", source, port, "E", referencedSecurityGroupId=Of(f"{target}-group"))


def _edge() -> Iterator[Made]:
    spread = {"subnets": [Of(f"public-{zone[-1]}") for zone in ZONES], "securityGroups": [Of("edge-group")]}
    given = {"name": "{stack}", "loadBalancerType": "application", "internal": False}
    yield Made("edge", "aws:lb/loadBalancer:LoadBalancer", {**given, **spread})
    certificate = {"domainName": "{stack}.example.com", "validationMethod": "DNS"}
    yield Made("certificate", "aws:acm/certificate:Certificate", certificate)
    proof = {"certificateArn": Of("certificate", "arn")}
    yield Made("validated", "aws:acm/certificateValidation:CertificateValidation", proof)
    group = {"port": APP, "protocol": "HTTP", "targetType": "instance", "vpcId": Of("vpc")}
    sticky = {"stickiness": {"type": "lb_cookie", "enabled": True}, "healthCheck": {"path": "/healthz"}}
    yield Made("targets", "aws:lb/targetGroup:TargetGroup", {**group, **sticky})
    http = {"loadBalancerArn": Of("edge", "arn"), "port": 80, "protocol": "HTTP"}
    away = {"type": "redirect", "redirect": {"protocol": "HTTPS", "port": "443", "statusCode": "HTTP_301"}}
    yield Made("http", "aws:lb/listener:Listener", {**http, "defaultActions": [away]})
    https = {"loadBalancerArn": Of("edge", "arn"), "port": 443, "protocol": "HTTPS"}
    tls = {"sslPolicy": "ELBSecurityPolicy-TLS13-1-2-2021-06", "certificateArn": Of("validated", "certificateArn")}
    forward = {"type": "forward", "targetGroupArn": Of("targets", "arn")}
    yield Made("https", "aws:lb/listener:Listener", {**https, **tls, "defaultActions": [forward]})
    yield Made("zone", "aws:route53/zone:Zone", {"name": "{stack}.example.com"})
    alias = {"name": Of("edge", "dnsName"), "zoneId": Of("edge", "zoneId"), "evaluateTargetHealth": True}
    record = {"zoneId": Of("zone", "zoneId"), "name": "{stack}.example.com", "type": "A", "aliases": [alias]}
    yield Made("record", "aws:route53/record:Record", record)


def _app() -> Iterator[Made]:
    template = {"imageId": "ami-0123456789abcdef0", "instanceType": "t3.small"}
    tokens = {"metadataOptions": {"httpEndpoint": "enabled", "httpTokens": "required"}}
    groups = {"vpcSecurityGroupIds": [Of("app-group")]}
    yield Made("template", "aws:ec2/launchTemplate:LaunchTemplate", {**template, **tokens, **groups})
    sizes = {"minSize": 2, "maxSize": 8, "healthCheckType": "ELB"}
    launch = {"launchTemplate": {"id": Of("template"), "version": "$Latest"}}
    spread = {"vpcZoneIdentifiers": [Of(f"app-{zone[-1]}") for zone in ZONES]}
    behind = {"targetGroupArns": [Of("targets", "arn")]}
    yield Made("app", "aws:autoscaling/group:Group", {**sizes, **launch, **spread, **behind})
    tracked = {"predefinedMetricSpecification": {"predefinedMetricType": "ASGAverageCPUUtilization"}, "targetValue": 50}
    policy = {"autoscalingGroupName": Of("app", "name"), "policyType": "TargetTrackingScaling"}
    yield Made("load", "aws:autoscaling/policy:Policy", {**policy, "targetTrackingConfiguration": tracked})


def _stores() -> Iterator[Made]:
    subnets = [Of(f"data-{zone[-1]}") for zone in ZONES]
    yield Made(
        "cache-subnets", "aws:elasticache/subnetGroup:SubnetGroup", {"name": "{stack}-sessions", "subnetIds": subnets}
    )
    cache = {"description": "Sessions", "engine": "valkey", "engineVersion": "8.0", "nodeType": "cache.t4g.small"}
    spread = {"numCacheClusters": 2, "multiAzEnabled": True, "automaticFailoverEnabled": True}
    locked = {
        "atRestEncryptionEnabled": True,
        "transitEncryptionEnabled": True,
        "transitEncryptionMode": "required",
        "snapshotRetentionLimit": 7,
    }
    at = {"subnetGroupName": Of("cache-subnets", "name"), "securityGroupIds": [Of("cache-group")]}
    yield Made("cache", "aws:elasticache/replicationGroup:ReplicationGroup", {**cache, **spread, **locked, **at})
    yield Made("database-subnets", "aws:rds/subnetGroup:SubnetGroup", {"name": "{stack}-data", "subnetIds": subnets})
    engine = {"engine": "postgres", "engineVersion": "16.4", "instanceClass": "db.t4g.small", "allocatedStorage": 20}
    safe = {
        "multiAz": True,
        "storageEncrypted": True,
        "backupRetentionPeriod": 7,
        "deletionProtection": True,
        "publiclyAccessible": False,
        "skipFinalSnapshot": False,
    }
    at = {"dbSubnetGroupName": Of("database-subnets", "name"), "vpcSecurityGroupIds": [Of("database-group")]}
    yield Made("database", "aws:rds/instance:Instance", {**engine, **safe, **at, "username": "shop"})
    reader = {"replicateSourceDb": Of("database", "identifier"), "instanceClass": "db.t4g.small"}
    reading = {"storageEncrypted": True, "publiclyAccessible": False, "deletionProtection": True}
    groups = {"vpcSecurityGroupIds": [Of("database-group")], "skipFinalSnapshot": True}
    for zone in ZONES:
        name, at = f"reader-{zone[-1]}", {"availabilityZone": zone}
        yield Made(name, "aws:rds/instance:Instance", {**reader, **reading, **groups, **at})
    yield Made("files", "aws:efs/fileSystem:FileSystem", {"encrypted": True})
    kept = {"fileSystemId": Of("files"), "backupPolicy": {"status": "ENABLED"}}
    yield Made("files-backups", "aws:efs/backupPolicy:BackupPolicy", kept)
    for zone in ZONES:
        at = {"subnetId": Of(f"data-{zone[-1]}"), "securityGroups": [Of("files-group")]}
        yield Made(f"files-{zone[-1]}", "aws:efs/mountTarget:MountTarget", {"fileSystemId": Of("files"), **at})


_SHOP = (*_network(), *_groups(), *_edge(), *_app(), *_stores())
