"""What a service of AWS runs in subnets by its own declaration: tasks, functions, brokers, build hosts."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from checker.model.fact import Fact, Known
from checker.model.part import Part
from checker.model.resource import Resource
from checker.resources.kind import Kind
from checker.resources.neighbours import default_group, standing, vpc_of
from checker.resources.reader import Reader
from checker.resources.terraform import common

TASKS = "aws_ecs_service"


class _Spelling(NamedTuple):
    """Where a type says its subnets and groups: in `block`, or beside everything else where that is empty.

    `public` and `v6` are the flags that give it public IPv4 addresses and IPv6 ones; `always_v6` has the latter
    wherever its subnets have.
    """

    block: str
    subnets: str = "subnet_ids"
    groups: str = "security_group_ids"
    public: str = ""
    v6: str = ""
    always_v6: bool = False


# Source: "Argument Reference" of each type's page at
# https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/
_TYPES: Mapping[str, _Spelling] = {
    "aws_apigatewayv2_vpc_link": _Spelling(""),
    "aws_apprunner_vpc_connector": _Spelling("", "subnets", "security_groups"),
    "aws_batch_compute_environment": _Spelling("compute_resources", "subnets"),
    "aws_codebuild_project": _Spelling("vpc_config", "subnets"),
    # Tasks have IPv6 addresses wherever their subnets have, unless the account turned that off.
    # Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-networking-awsvpc.html
    TASKS: _Spelling("network_configuration", "subnets", "security_groups", "assign_public_ip", always_v6=True),
    "aws_elasticsearch_domain": _Spelling("vpc_options"),
    "aws_glue_connection": _Spelling("physical_connection_requirements", "subnet_id", "security_group_id_list"),
    "aws_lambda_function": _Spelling("vpc_config", v6="ipv6_allowed_for_dual_stack"),
    "aws_mq_broker": _Spelling("", groups="security_groups", public="publicly_accessible"),
    "aws_msk_cluster": _Spelling("broker_node_group_info", "client_subnets", "security_groups"),
    "aws_mwaa_environment": _Spelling("network_configuration"),
    "aws_opensearch_domain": _Spelling("vpc_options"),
    "aws_sagemaker_notebook_instance": _Spelling("", "subnet_id", "security_groups"),
    "aws_synthetics_canary": _Spelling("vpc_config"),
}


@dataclass(frozen=True, eq=False, kw_only=True)
class Service(Resource):
    """A service that stands in subnets; `public` is whether it has public IPv4 addresses, `dual_stack` IPv6 ones.

    A live account shows its interfaces, so only declared inputs have such a thing.
    Source: https://docs.aws.amazon.com/vpc/latest/userguide/using-eni.html (requester-managed network interfaces)
    """

    kind = "service"

    subnets: Fact[tuple[str, ...]]
    groups: Fact[tuple[str, ...]]
    public: Fact[bool]
    dual_stack: Fact[bool]


def is_placed(reader: Reader) -> bool:
    """Tell whether an `aws_ecs_service` gives its tasks addresses of their own, known or not, rather than its hosts'.

    Source: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/ecs_service ("required for task
    definitions that use the `awsvpc` network mode")
    """
    return reader.has(_TYPES[TASKS].block)


def _from_terraform(reader: Reader, told: _Spelling) -> Iterator[Service]:
    block = f"{told.block}." if told.block else ""
    if (told.block and not reader.has(told.block)) or reader.ids(block + told.subnets).is_(()).is_yes:
        return  # it stands in no VPC of its owner's
    yield Service(
        **common(reader, "name"),
        subnets=reader.ids(block + told.subnets),
        groups=reader.ids(block + told.groups).then(
            lambda ids: Known(ids) if ids else vpc_of(reader).map(lambda vpc: (default_group(vpc, reader),))
        ),
        public=reader.flag(block + told.public, default=False) if told.public else Known(False),
        dual_stack=reader.flag(block + told.v6, default=False) if told.v6 else Known(told.always_v6),
    )


def _parts(type_: str, told: _Spelling) -> tuple[Part, ...]:
    block = f"{told.block}." if told.block else ""
    return standing(type_, subnets=(block + told.subnets,), groups=(block + told.groups,))


KIND = Kind(
    type=Service,
    spellings={("terraform", type_): partial(_from_terraform, told=told) for type_, told in _TYPES.items()},
    parts=tuple(dict.fromkeys(part for type_, told in _TYPES.items() for part in _parts(type_, told))),
)
