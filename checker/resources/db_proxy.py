"""A database proxy: an endpoint in the VPC that pools connections to a database or a cluster."""

from collections.abc import Iterator
from dataclasses import dataclass

from checker.model.call import DetailCall, ListCall
from checker.model.fact import Fact, Known
from checker.model.part import Part
from checker.model.resource import Resource
from checker.resources.kind import Kind
from checker.resources.neighbours import groups_worn, standing, vpc_of
from checker.resources.reader import REQUIRED, Reader, collect
from checker.resources.terraform import common


@dataclass(frozen=True, eq=False, kw_only=True)
class DbProxy(Resource):
    """A proxy; `targets` are the ids of the instances and clusters behind it, each once and in order.

    Source: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DBProxy.html
    """

    kind = "db_proxy"

    vpc: Fact[str]
    subnets: Fact[tuple[str, ...]]
    groups: Fact[tuple[str, ...]]
    require_tls: Fact[bool]
    engine_family: Fact[str]
    targets: Fact[tuple[str, ...]]


def _from_api(reader: Reader) -> Iterator[DbProxy]:
    yield DbProxy(
        id=reader.must("DBProxyName"),
        scope=reader.scope,
        origin=reader.origin,
        name=reader.plain("DBProxyName"),
        arn=reader.plain("DBProxyArn") or None,
        vpc=reader.text("VpcId"),
        subnets=reader.texts("VpcSubnetIds") if reader.has("VpcSubnetIds") else reader.unknown("VpcSubnetIds"),
        groups=reader.texts("VpcSecurityGroupIds")
        if reader.has("VpcSecurityGroupIds")
        else reader.unknown("VpcSecurityGroupIds"),
        require_tls=reader.flag("RequireTLS", default=False),
        engine_family=reader.text("EngineFamily"),
        targets=reader.each("Targets", _ids, default=REQUIRED).map(
            lambda found: tuple(sorted({target for ids in found for target in ids if target}))
        ),
    )


def _from_terraform(reader: Reader) -> Iterator[DbProxy]:
    yield DbProxy(
        **common(reader, "name"),
        vpc=vpc_of(reader),
        subnets=reader.ids("vpc_subnet_ids") if reader.has("vpc_subnet_ids") else reader.unknown("vpc_subnet_ids"),
        groups=groups_worn(reader, "vpc_security_group_ids", reader),
        require_tls=reader.flag("require_tls", default=False),
        engine_family=reader.text("engine_family"),
        targets=reader.each("aws_db_proxy_target", _target).map(lambda found: tuple(sorted({*found} - {""}))),
    )


def _target(reader: Reader) -> Fact[str]:
    """Return the one of its two names that a target has.

    Source: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/db_proxy_target
    """
    instance = reader.maybe_id("db_instance_identifier")
    return instance.then(
        lambda name: Known(name) if name else reader.maybe_id("db_cluster_identifier").map(lambda found: found or "")
    )


def _ids(reader: Reader) -> Fact[tuple[str | None, ...]]:
    # A target that is an instance of a cluster tells both; the other field is blank.
    return collect([reader.maybe("RdsResourceId"), reader.maybe("TrackedClusterId")])


KIND = Kind(
    type=DbProxy,
    spellings={
        ("aws-api", "DBProxy"): _from_api,
        ("terraform", "aws_db_proxy"): _from_terraform,
        ("terraform", "data.aws_db_proxy"): _from_terraform,
    },
    parts=(
        Part("aws_db_proxy_target", of="aws_db_proxy", by="db_proxy_name"),
        *standing("aws_db_proxy", subnets=("vpc_subnet_ids",)),
    ),
    calls=(
        ListCall(
            service="rds",
            operation="describe_db_proxies",
            type="DBProxy",
            result="DBProxies",
            page=("MaxRecords", 100),
            optional=True,
        ),
        DetailCall(
            service="rds",
            operation="describe_db_proxy_targets",
            of="DBProxy",
            identity="DBProxyName",
            argument="DBProxyName",
            result="Targets",
            into="Targets",
            page=("MaxRecords", 100),
            optional=True,
        ),
    ),
)
