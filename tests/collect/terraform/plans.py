"""Plans as `terraform show -json` writes them, made by hand of the few parts that a test is about."""

import json
from collections.abc import Mapping
from pathlib import Path

from checker.collect.source import Inputs
from checker.collect.terraform_plan.collection import collect
from checker.collect.terraform_plan.source import source_of
from checker.model.record import Collection, Record
from checker.resources.catalog import kinds

Json = Mapping[str, object]


def change(
    address: str,
    after: Json | None,
    unknown: Json | None = None,
    *,
    actions: tuple[str, ...] = ("create",),
    before: Json | None = None,
    sensitive: Json | None = None,
    **more: object,
) -> Json:
    """Return an item of `resource_changes`."""
    path = address.replace("module.", "module:").split(".")
    name, _, key = path[-1].partition("[")
    index = json.loads(key.removesuffix("]")) if key else None
    modules = ".".join(path[:-2]).replace("module:", "module.").removesuffix(".data").removesuffix("data")
    return {
        "address": address,
        "mode": "data" if "data." in address else "managed",
        "type": path[-2],
        "name": name,
        "provider_name": "registry.terraform.io/hashicorp/aws",
        **({} if index is None else {"index": index}),
        **({"module_address": modules} if modules else {}),
        "change": {
            "actions": list(actions),
            "before": before,
            "after": after,
            "after_unknown": {"id": True, **(unknown or {})},
            "after_sensitive": sensitive or {},
        },
        **more,
    }


def block(address: str, expressions: Json | None = None, **more: object) -> Json:
    """Return a resource block of `configuration`."""
    type_, name = address.removeprefix("data.").split(".")
    mode = "data" if address.startswith("data.") else "managed"
    own = {"provider_config_key": "aws", "expressions": expressions or {}, **more}
    return {"address": address, "mode": mode, "type": type_, "name": name, **own}


def named(*references: str) -> Json:
    """Return an expression that mentions names, as Terraform lists them: each with what it begins with."""
    found = [part for name in references for part in _begun(name)]
    return {"references": found}


def _begun(name: str) -> list[str]:
    steps = name.split(".")
    return [name, ".".join(steps[:2])] if len(steps) > 2 else [name]


def plan(changes: list[Json], blocks: list[Json] | None = None, **more: object) -> Json:
    """Return a plan; `more` are further keys at its top, and `calls` and `outputs` parts of its root module."""
    root = {"resources": blocks or [], "module_calls": more.pop("calls", {}), "outputs": more.pop("outputs", {})}
    provider = {"aws": {"name": "aws", "expressions": {"region": {"constant_value": "eu-west-1"}}}}
    return {
        "format_version": "1.2",
        "terraform_version": "1.11.4",
        "variables": {},
        "planned_values": {"root_module": {}},
        "resource_changes": changes,
        "configuration": {"provider_config": provider, "root_module": root},
        **more,
    }


def write(path: Path, document: Json) -> Path:
    """Write a plan to a file, or into a folder as `plan.json`."""
    file = path / "plan.json" if path.is_dir() else path
    file.write_text(json.dumps(document))
    return file


def read(*paths: Path, program: Path | None = None) -> Collection:
    """Return what plans hold together."""
    source = source_of(paths, Inputs(program=program))
    return collect(source.paths, source.inputs, kinds(), lambda _label, _done, _total: None)


def raw(found: Collection, address: str) -> Mapping[str, object]:
    """Return the raw record of an address."""
    return record(found, address).raw


def record(found: Collection, address: str) -> Record:
    """Return the record of an address."""
    return next(one for one in found.records if one.origin.address == address)
