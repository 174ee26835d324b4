"""Run the program on a stack's configuration with Pulumi's own mocks, and print what it registers and exports as JSON.

`python registrations.py STACK [KEY=VALUE ...]`; keys are those of `pulumi config set`. A refusal of the program goes to
stderr and ends it with 1.
Source: https://www.pulumi.com/docs/iac/guides/testing/unit/
"""

import json
import os
import runpy
import sys
from collections.abc import Iterator
from pathlib import Path

import pulumi
import yaml
from pulumi.runtime import mocks

ROOT = Path(__file__).parents[2]
ANSWERS = {
    "aws:index/getAvailabilityZones:getAvailabilityZones": {"names": ["eu-west-1a", "eu-west-1b", "eu-west-1c"]},
    "aws:index/getCallerIdentity:getCallerIdentity": {"accountId": "123456789012"},
    "aws:secretsmanager/getRandomPassword:getRandomPassword": {"randomPassword": "drawn"},
    "aws:ssm/getParameter:getParameter": {"insecureValue": "ami-1"},
}


class Answers(mocks.Mocks):
    """Ids and look-ups as an account would have them; what only an apply tells stays unknown."""

    def call(self, args: mocks.MockCallArgs) -> dict[str, object]:
        return ANSWERS[args.token]

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str, dict[str, object]]:
        return f"{args.name}-id", args.inputs


class Monitor(mocks.MockMonitor):
    """Keeps what the engine is told of each resource."""

    def __init__(self) -> None:
        super().__init__(Answers())
        self.registered: list[dict[str, object]] = []

    def RegisterResource(self, request):  # noqa: ANN001, ANN201, N802  # as gRPC calls and types it
        inputs = json.loads(json.dumps(pulumi.runtime.rpc.deserialize_properties(request.object), default=str))
        secrets = sorted(
            key for key, value in request.object.items() if "4dabf18193072939515e22adb298388d" in str(value)
        )
        told = {"type": request.type, "name": request.name, "protect": request.protect, "secrets": secrets}
        self.registered.append({**told, "inputs": inputs, "after": sorted(request.dependencies)})
        return super().RegisterResource(request)


def configured(stack: str) -> Iterator[tuple[str, str]]:
    """Yield the configuration of a stack as the engine hands it on."""
    project = yaml.safe_load((ROOT / "Pulumi.yaml").read_text(encoding="utf-8"))
    yield from ((key, told["value"]) for key, told in project["config"].items())
    values = yaml.safe_load((ROOT / f"Pulumi.{stack}.yaml").read_text(encoding="utf-8"))["config"]
    yield from ((key, value if isinstance(value, str) else json.dumps(value)) for key, value in values.items())


def main(stack: str, *settings: str) -> None:
    """Run the program as its stack."""
    more = {f"myclothes:{key}": value for key, _, value in (setting.partition("=") for setting in settings)}
    pulumi.runtime.set_all_config({**dict(configured(stack)), **more})
    monitor = Monitor()
    mocks.set_mocks(Answers(), "myclothes", stack, preview=True, monitor=monitor)
    os.chdir(ROOT / "infra")
    sys.path[0] = str(ROOT / "infra")
    pulumi.runtime.test(lambda: runpy.run_path(str(ROOT / "infra"), run_name="__main__"))()
    exports = sorted(pulumi.runtime.get_root_resource().outputs)
    json.dump({"resources": monitor.registered, "exports": exports}, sys.stdout)


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except pulumi.RunError as error:
        sys.exit(str(error))
