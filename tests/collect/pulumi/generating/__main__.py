"""Writes the table."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.collect.pulumi.generating import naming, sdk
from tests.collect.pulumi.generating.building import Shapes
from tests.collect.pulumi.generating.matching import pairs
from tests.collect.pulumi.generating.sdk import Type

LONGEST = 400
PROVIDER = "registry.terraform.io/hashicorp/aws"
PROGRAM = 'terraform {\n  required_providers {\n    aws = { source = "hashicorp/aws", version = "5.100.0" }\n  }\n}\n'


def schema(mirror: str) -> dict[str, Any]:
    """Return the schema of the AWS provider in a mirror of Terraform's providers."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "main.tf").write_text(PROGRAM)
        settings = folder / "terraform.rc"
        mirrored = f'provider_installation {{\n  filesystem_mirror {{\n    path = "{mirror}"\n  }}\n}}\n'
        settings.write_text(f"{mirrored}disable_checkpoint = true\n")
        surroundings = {"PATH": os.environ["PATH"], "HOME": name, "TF_CLI_CONFIG_FILE": str(settings)}
        for words in (("init", "-input=false", "-no-color"), ("providers", "schema", "-json")):
            done = subprocess.run(["terraform", *words], cwd=folder, env=surroundings, capture_output=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)["provider_schemas"][PROVIDER]
    return found


def generate(provider: dict[str, Any]) -> tuple[dict[str, str], list[str]]:
    """Return the text of each file of the table, and what was odd."""
    tokens: dict[str, Any] = {}
    shapes = Shapes()
    for kind, types, schemas in (
        ("resources", tuple(sdk.resources()), provider["resource_schemas"]),
        ("functions", tuple(sdk.functions()), provider["data_source_schemas"]),
    ):
        known = pairs(types, schemas)
        tokens[kind] = naming.table(types, known)
        tokens.setdefault("renamed", naming.renamed(types))
        named = {**naming.guesses(types, known), **known}
        for each in types:
            type_ = named.get(each.token)
            if type_ is not None and type_ not in shapes.types[kind]:
                block = schemas[type_]["block"] if type_ in schemas else None
                shapes.add(kind, type_, block, each)
        for type_ in sorted(set(schemas) - set(shapes.types[kind])):
            shapes.add(kind, type_, schemas[type_]["block"], Type(type_, {}))
    return {"shapes.json": _text(shapes.table()), "tokens.json": _text(tokens)}, shapes.odd


def _text(value: Any) -> str:
    """Return JSON of which no line is long, as far as there are values to break it at, so that changes can be read."""
    return f"{_lines(value)}\n"


def _lines(value: Any) -> str:
    dense = _dense(value)
    if len(dense) <= LONGEST or not isinstance(value, (dict, list, tuple)):
        return dense
    if isinstance(value, dict):
        return "{\n" + ",\n".join(f"{json.dumps(key)}:{_lines(value[key])}" for key in sorted(value)) + "\n}"
    return "[\n" + ",\n".join(map(_lines, value)) + "\n]"


def _dense(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--schema", type=Path)
    parser.add_argument("--folder", type=Path, default=Path("checker/collect/pulumi/table"))
    parser.add_argument("--odd", action="store_true", help="print what the SDK and the schema tell differently")
    options = parser.parse_args()
    if options.schema:
        told = json.loads(options.schema.read_text())["provider_schemas"][PROVIDER]
    else:
        told = schema(os.environ["TF_PLUGIN_MIRROR"])
    made, remarks = generate(told)
    for name, text in made.items():
        (options.folder / name).write_text(text)
        sys.stderr.write(f"{name}: {len(text)} characters\n")
    if options.odd:
        sys.stdout.writelines(f"{remark}\n" for remark in remarks)
