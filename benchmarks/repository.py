"""
A repository of documented shops, as HCL and as the JSON of a first plan; both are written from the same values.

    python benchmarks/repository.py FOLDER [--shops 77]

writes `FOLDER/hcl/*.tf`, one file for each shop, and `FOLDER/plan.json`. A shop has 65 resources.
"""

import argparse
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

ZONES = "abc"
PROVIDER = "registry.terraform.io/hashicorp/aws"
PROVIDERS = {"aws": {"name": "aws", "full_name": PROVIDER, "expressions": {"region": {"constant_value": "us-east-1"}}}}


@dataclass(frozen=True)
class Ref:
    """A reference to an attribute of another resource, known only after the apply."""

    resource: str
    attribute: str = "id"

    def __str__(self) -> str:
        return f"{self.resource}.{self.attribute}"


@dataclass(frozen=True)
class Made:
    """One resource: its attributes, and its nested blocks in order."""

    type: str
    name: str
    values: Mapping[str, object]
    blocks: tuple[tuple[str, Mapping[str, object]], ...] = field(default=())

    @property
    def address(self) -> str:
        """Return what references call it."""
        return f"{self.type}.{self.name}"


Values = dict[str, object]
Row = tuple[str, str, Values, tuple[tuple[str, Values], ...]]
Reference = Callable[..., Ref]


def shop(number: int) -> Iterator[Made]:
    """Yield the resources of one shop, each name beginning with its own."""
    at = f"s{number:03d}"

    def ref(type_: str, name: str, attribute: str = "id") -> Ref:
        return Ref(f"{type_}.{at}_{name}", attribute)

    yield from (
        Made(type_, f"{at}_{name}", values, blocks)
        for type_, name, values, blocks in (
            *_network(number, at, ref),
            *_groups(at, ref),
            *_tiers(at, ref),
            *_stores(at, ref),
        )
    )


def _network(number: int, at: str, ref: Reference) -> Iterator[Row]:
    vpc = ref("aws_vpc", "main")
    yield "aws_vpc", "main", {"cidr_block": f"10.{number % 256}.0.0/16", "tags": {"Name": at}}, ()
    yield "aws_internet_gateway", "main", {"vpc_id": vpc}, ()
    yield "aws_route_table", "public", {"vpc_id": vpc}, ()
    way_out: Values = {"destination_cidr_block": "0.0.0.0/0"}
    public: Values = {"route_table_id": ref("aws_route_table", "public")}
    yield "aws_route", "public", {**public, **way_out, "gateway_id": ref("aws_internet_gateway", "main")}, ()
    for index, zone in enumerate(ZONES):
        for tier, first in (("public", 0), ("private", 16), ("data", 32)):
            block = f"10.{number % 256}.{first + index}.0/24"
            placed: Values = {"vpc_id": vpc, "cidr_block": block, "availability_zone": f"us-east-1{zone}"}
            yield "aws_subnet", f"{tier}_{zone}", placed, ()
            table = "public" if tier == "public" else f"private_{zone}"
            joined: Values = {
                "subnet_id": ref("aws_subnet", f"{tier}_{zone}"),
                "route_table_id": ref("aws_route_table", table),
            }
            yield "aws_route_table_association", f"{tier}_{zone}", joined, ()
        yield "aws_eip", f"nat_{zone}", {"domain": "vpc"}, ()
        address, subnet = ref("aws_eip", f"nat_{zone}"), ref("aws_subnet", f"public_{zone}")
        yield "aws_nat_gateway", f"nat_{zone}", {"allocation_id": address, "subnet_id": subnet}, ()
        yield "aws_route_table", f"private_{zone}", {"vpc_id": vpc}, ()
        own: Values = {"route_table_id": ref("aws_route_table", f"private_{zone}")}
        gateway: Values = {"nat_gateway_id": ref("aws_nat_gateway", f"nat_{zone}")}
        yield "aws_route", f"private_{zone}", {**own, **way_out, **gateway}, ()


def _groups(at: str, ref: Reference) -> Iterator[Row]:
    for name in ("edge", "app", "cache", "data", "files"):
        described = {"name": f"{at}-{name}", "description": f"the {name} tier", "vpc_id": ref("aws_vpc", "main")}
        yield "aws_security_group", name, described, ()

    def rule(group: str, port: int, source: Values) -> Values:
        own: Values = {"security_group_id": ref("aws_security_group", group), "description": f"port {port}"}
        return {**own, "ip_protocol": "tcp", "from_port": port, "to_port": port, **source}

    world: Values = {"cidr_ipv4": "0.0.0.0/0"}
    ingress, egress = "aws_vpc_security_group_ingress_rule", "aws_vpc_security_group_egress_rule"
    peer = "referenced_security_group_id"
    yield ingress, "edge_http", rule("edge", 80, world), ()
    yield ingress, "edge_https", rule("edge", 443, world), ()
    yield egress, "edge_app", rule("edge", 8080, {peer: ref("aws_security_group", "app")}), ()
    yield ingress, "app_edge", rule("app", 8080, {peer: ref("aws_security_group", "edge")}), ()
    out: Values = {"security_group_id": ref("aws_security_group", "app"), "ip_protocol": "-1"}
    yield egress, "app_all", {**out, **world, "description": "everything"}, ()
    for name, port in (("cache", 6379), ("data", 5432), ("files", 2049)):
        yield ingress, f"{name}_app", rule(name, port, {peer: ref("aws_security_group", "app")}), ()


def _tiers(at: str, ref: Reference) -> Iterator[Row]:
    subnets = [ref("aws_subnet", f"public_{zone}") for zone in ZONES]
    edge: Values = {"name": f"{at}-edge", "internal": False, "load_balancer_type": "application", "subnets": subnets}
    yield "aws_lb", "edge", {**edge, "security_groups": [ref("aws_security_group", "edge")]}, ()
    targets: Values = {"name": f"{at}-app", "port": 8080, "protocol": "HTTP", "vpc_id": ref("aws_vpc", "main")}
    sticky: tuple[str, Values] = ("stickiness", {"type": "lb_cookie", "enabled": True, "cookie_duration": 86400})
    yield "aws_lb_target_group", "app", targets, (sticky, ("health_check", {"path": "/", "matcher": "200"}))
    balancer: Values = {"load_balancer_arn": ref("aws_lb", "edge", "arn")}
    to_https: Values = {"port": "443", "protocol": "HTTPS", "status_code": "HTTP_301"}
    redirect: Values = {"type": "redirect", "redirect": [to_https]}
    yield "aws_lb_listener", "http", {**balancer, "port": 80, "protocol": "HTTP"}, (("default_action", redirect),)
    yield "aws_acm_certificate", "edge", {"domain_name": f"{at}.example.com", "validation_method": "DNS"}, ()
    secure: Values = {"port": 443, "protocol": "HTTPS", "ssl_policy": "ELBSecurityPolicy-TLS13-1-2-2021-06"}
    secure["certificate_arn"] = ref("aws_acm_certificate", "edge", "arn")
    forward: Values = {"type": "forward", "target_group_arn": ref("aws_lb_target_group", "app", "arn")}
    yield "aws_lb_listener", "https", {**balancer, **secure}, (("default_action", forward),)
    machine: Values = {"name": f"{at}-app", "image_id": "ami-0123456789abcdef0", "instance_type": "t3.small"}
    machine["vpc_security_group_ids"] = [ref("aws_security_group", "app")]
    yield "aws_launch_template", "app", machine, (("metadata_options", {"http_tokens": "required"}),)
    group: Values = {"name": f"{at}-app", "min_size": 3, "max_size": 9, "health_check_type": "ELB"}
    group["vpc_zone_identifier"] = [ref("aws_subnet", f"private_{zone}") for zone in ZONES]
    group["target_group_arns"] = [ref("aws_lb_target_group", "app", "arn")]
    template: tuple[str, Values] = ("launch_template", {"id": ref("aws_launch_template", "app"), "version": "$Latest"})
    yield "aws_autoscaling_group", "app", group, (template,)
    scaling: Values = {"name": f"{at}-cpu", "autoscaling_group_name": ref("aws_autoscaling_group", "app", "name")}
    metric: list[Values] = [{"predefined_metric_type": "ASGAverageCPUUtilization"}]
    tracking: tuple[str, Values] = (
        "target_tracking_configuration",
        {"target_value": 50, "predefined_metric_specification": metric},
    )
    yield "aws_autoscaling_policy", "app", {**scaling, "policy_type": "TargetTrackingScaling"}, (tracking,)


def _stores(at: str, ref: Reference) -> Iterator[Row]:
    subnets = [ref("aws_subnet", f"data_{zone}") for zone in ZONES]
    yield "aws_elasticache_subnet_group", "cache", {"name": f"{at}-cache", "subnet_ids": subnets}, ()
    cache: Values = {"replication_group_id": f"{at}-cache", "description": "sessions", "engine": "redis"}
    cache |= {"node_type": "cache.t3.small", "num_cache_clusters": 3, "multi_az_enabled": True}
    cache |= {"automatic_failover_enabled": True, "port": 6379, "at_rest_encryption_enabled": True}
    cache |= {"transit_encryption_enabled": True, "snapshot_retention_limit": 7}
    cache["subnet_group_name"] = ref("aws_elasticache_subnet_group", "cache", "name")
    cache["security_group_ids"] = [ref("aws_security_group", "cache")]
    yield "aws_elasticache_replication_group", "cache", cache, ()
    yield "aws_db_subnet_group", "data", {"name": f"{at}-data", "subnet_ids": subnets}, ()
    parameters: tuple[str, Values] = ("parameter", {"name": "rds.force_ssl", "value": "1"})
    yield "aws_db_parameter_group", "data", {"name": f"{at}-data", "family": "postgres16"}, (parameters,)
    database: Values = {"identifier": f"{at}-data", "engine": "postgres", "engine_version": "16.4", "port": 5432}
    database |= {"instance_class": "db.t3.medium", "allocated_storage": 50, "multi_az": True, "username": "shop"}
    database |= {"storage_encrypted": True, "backup_retention_period": 7, "deletion_protection": True}
    database |= {"manage_master_user_password": True, "publicly_accessible": False}
    database["db_subnet_group_name"] = ref("aws_db_subnet_group", "data", "name")
    database["parameter_group_name"] = ref("aws_db_parameter_group", "data", "name")
    database["vpc_security_group_ids"] = [ref("aws_security_group", "data")]
    yield "aws_db_instance", "data", database, ()
    reader: Values = {"identifier": f"{at}-reader", "instance_class": "db.t3.medium", "deletion_protection": True}
    reader |= {"storage_encrypted": True, "publicly_accessible": False, "backup_retention_period": 7}
    reader["replicate_source_db"] = ref("aws_db_instance", "data", "identifier")
    reader["vpc_security_group_ids"] = [ref("aws_security_group", "data")]
    yield "aws_db_instance", "reader", reader, ()
    yield "aws_efs_file_system", "files", {"creation_token": f"{at}-files", "encrypted": True}, ()
    for zone in ZONES:
        target: Values = {
            "file_system_id": ref("aws_efs_file_system", "files"),
            "subnet_id": ref("aws_subnet", f"data_{zone}"),
        }
        target["security_groups"] = [ref("aws_security_group", "files")]
        yield "aws_efs_mount_target", f"files_{zone}", target, ()


def hcl(made: Made) -> str:
    """Return a resource as HCL."""
    lines = [f'resource "{made.type}" "{made.name}" {{', *_body(made.values, made.blocks, "  "), "}", ""]
    return "\n".join(lines)


def _body(values: Mapping[str, object], blocks: tuple[tuple[str, Mapping[str, object]], ...], margin: str) -> list[str]:
    lines = []
    for name, value in values.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            blocks = (*blocks, *((name, item) for item in value))
        else:
            lines.append(f"{margin}{name} = {_expression(value)}")
    for name, inside in blocks:
        lines += [f"{margin}{name} {{", *_body(inside, (), f"{margin}  "), f"{margin}}}"]
    return lines


def _expression(value: object) -> str:
    if isinstance(value, Ref):
        return str(value)
    if isinstance(value, list):
        return f"[{', '.join(map(_expression, value))}]"
    if isinstance(value, Mapping):
        return f"{{ {', '.join(f'{key} = {_expression(item)}' for key, item in value.items())} }}"
    return json.dumps(value)


def plan(every: list[Made]) -> dict[str, object]:
    """Return the JSON of a first plan of all resources.

    Source: https://developer.hashicorp.com/terraform/internals/json-format
    """
    return {
        "format_version": "1.2",
        "terraform_version": "1.11.4",
        "planned_values": {"root_module": {"resources": [planned(made) for made in every]}},
        "resource_changes": [change(made) for made in every],
        "configuration": {
            "provider_config": PROVIDERS,
            "root_module": {"resources": [configured(made) for made in every]},
        },
        "complete": True,
        "errored": False,
    }


def _head(made: Made) -> dict[str, object]:
    return {"address": made.address, "mode": "managed", "type": made.type, "name": made.name}


def planned(made: Made) -> dict[str, object]:
    """Return a resource as `planned_values` tell it."""
    after, _ = _split(_whole(made))
    return {**_head(made), "provider_name": PROVIDER, "schema_version": 0, "values": after, "sensitive_values": {}}


def change(made: Made) -> dict[str, object]:
    """Return what the plan does about a resource: it makes it."""
    after, unknown = _split(_whole(made))
    made_anew = {"actions": ["create"], "before": None, "after": after, "after_unknown": {**unknown, "id": True}}
    if made.type in ("aws_lb", "aws_lb_target_group", "aws_lb_listener", "aws_acm_certificate"):
        made_anew["after_unknown"] = {**unknown, "id": True, "arn": True}
    sensitive = {"before_sensitive": False, "after_sensitive": {}}
    return {**_head(made), "provider_name": PROVIDER, "change": {**made_anew, **sensitive}}


def configured(made: Made) -> dict[str, object]:
    """Return a resource as the plan's `configuration` tells it."""
    expressions = {name: _expressed(value) for name, value in _whole(made).items()}
    return {**_head(made), "provider_config_key": "aws", "expressions": expressions, "schema_version": 0}


def _whole(made: Made) -> dict[str, object]:
    whole = dict(made.values)
    for name, inside in made.blocks:
        whole[name] = [*whole.get(name, []), dict(inside)]  # type: ignore[misc]  # a list, as this line makes it
    return whole


def _split(values: Mapping[str, object]) -> tuple[dict[str, object], dict[str, object]]:
    """Return what is known before the apply, and which of the rest is not."""
    after: dict[str, object] = {}
    unknown: dict[str, object] = {}
    for name, value in values.items():
        if isinstance(value, Ref) or (isinstance(value, list) and any(isinstance(item, Ref) for item in value)):
            unknown[name] = True
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            pairs = [_split(item) for item in value]
            after[name], unknown[name] = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
        else:
            after[name] = value
    return after, unknown


def _expressed(value: object) -> object:
    if isinstance(value, Ref):
        return {"references": [str(value), value.resource]}
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return [{name: _expressed(item) for name, item in inside.items()} for inside in value]
    if isinstance(value, list) and any(isinstance(item, Ref) for item in value):
        refs = [item for item in value if isinstance(item, Ref)]
        return {"references": [text for item in refs for text in (str(item), item.resource)]}
    return {"constant_value": value}


def write(folder: Path, shops: int) -> int:
    """Write both forms and return how many resources there are."""
    hcl_folder = folder / "hcl"
    hcl_folder.mkdir(parents=True, exist_ok=True)
    (hcl_folder / "provider.tf").write_text('provider "aws" {\n  region = "us-east-1"\n}\n', encoding="utf-8")
    every: list[Made] = []
    for number in range(shops):
        made = list(shop(number))
        every += made
        (hcl_folder / f"shop_{number:03d}.tf").write_text("\n".join(map(hcl, made)), encoding="utf-8")
    (folder / "plan.json").write_text(json.dumps(plan(every)), encoding="utf-8")
    return len(every)


def main() -> None:
    """Write a repository."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--shops", type=int, default=77)
    options = parser.parse_args()
    print(f"{write(options.folder, options.shops)} resources in {options.folder}")


if __name__ == "__main__":
    main()
