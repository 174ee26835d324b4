"""The table of what the provider fills in, held to the provider's own plan of one minimal resource of each type."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from checker.collect.terraform.defaults import data, edge, network

HERE = Path(__file__).parent
PROVIDER = """\
terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "5.100.0"
    }
  }
}

provider "aws" {
  region                      = "eu-west-1"
  access_key                  = "none"
  secret_key                  = "none"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
}
"""
TABLES = {"network": network.DEFAULTS, "edge": edge.DEFAULTS, "data": data.DEFAULTS}


def documented(table: str) -> Mapping[str, str]:
    """Return the defaults that no plan shows, each with the page that tells it: AWS fills them in, at the apply."""
    told = HERE / "minimal" / f"{table}.documented.json"
    found: dict[str, str] = json.loads(told.read_text()) if told.exists() else {}
    return found


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Mapping[str, object]]:
    """Return what the provider plans for each minimal resource, by its address."""
    terraform, mirror = shutil.which("terraform"), os.environ.get("TF_PLUGIN_MIRROR", "")
    if terraform is None or not mirror or not Path(mirror).is_dir():
        pytest.skip("terraform, or a mirror of its AWS provider (TF_PLUGIN_MIRROR), is not here")
    folder = tmp_path_factory.mktemp("minimal")
    (folder / "provider.tf").write_text(PROVIDER)
    for name in TABLES:
        minimal = HERE / "minimal" / f"{name}.tf"
        if minimal.exists():
            shutil.copy(minimal, folder)
    settings = folder / "terraform.rc"
    mirrored = f'provider_installation {{\n  filesystem_mirror {{\n    path = "{mirror}"\n  }}\n}}\n'
    settings.write_text(f"{mirrored}disable_checkpoint = true\n")
    surroundings = {"PATH": os.environ["PATH"], "HOME": str(folder), "TF_CLI_CONFIG_FILE": str(settings)}

    def run(*words: str) -> str:
        done = subprocess.run(
            [terraform, *words], cwd=folder, env=surroundings, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    run("init", "-input=false", "-no-color")
    run("plan", "-input=false", "-no-color", "-refresh=false", "-out=plan")
    plan = json.loads(run("show", "-json", "plan"))
    return {change["address"]: change["change"]["after"] for change in plan["resource_changes"]}


def at(value: object, path: str) -> Iterator[object]:
    """Yield what stands at a dotted path, in each block of a list on the way."""
    key, _, rest = path.partition(".")
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, Mapping):
            yield from at(item.get(key), rest) if rest else (item.get(key),)


@pytest.mark.terraform
@pytest.mark.parametrize("table", TABLES)
def test_the_provider_fills_in_what_the_table_says(table: str, planned: Mapping[str, Mapping[str, object]]) -> None:
    """Each default is planned by the provider, or is among those that it leaves to AWS, with AWS's page."""
    wrong, pages = {}, documented(table)
    for type_, defaults in TABLES[table].items():
        assert any(address.startswith(f"{type_}.") for address in planned), f"no minimal resource of type {type_}"
        for path, default in defaults.items():
            found = [
                value
                for address, values in planned.items()
                if address.startswith(f"{type_}.")
                for value in at(values, path)
                if value is not None
            ]
            if f"{type_}.{path}" in pages:
                assert not found, f"{type_}.{path} is planned: it needs no page"
            elif not found or any(value != default for value in found):
                wrong[f"{type_}.{path}"] = (default, found)
    assert not wrong


@pytest.mark.parametrize("table", TABLES)
def test_no_page_is_kept_for_what_is_not_in_the_table(table: str) -> None:
    """Every documented default is one of the table's, and its page is one of AWS or of the provider."""
    told = {f"{type_}.{path}" for type_, defaults in TABLES[table].items() for path in defaults}
    pages = documented(table)
    assert not set(pages) - told
    assert all(
        page.startswith(("https://docs.aws.amazon.com/", "https://registry.terraform.io/")) for page in pages.values()
    )
