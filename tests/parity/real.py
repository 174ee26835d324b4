"""The stack as the real Terraform and the real Pulumi plan it and make it, in an emulated AWS."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tests.live.pulumi_shop import KEYS, account, shop
from tests.parity.spelling import STACK, Fault, write_hcl, write_pulumi


def has_terraform() -> bool:
    """Tell whether Terraform and a mirror of its AWS provider (TF_PLUGIN_MIRROR) are here."""
    mirror = os.environ.get("TF_PLUGIN_MIRROR", "")
    return bool(shutil.which("terraform") and mirror and Path(mirror).is_dir())


def of_terraform(fault: Fault, folder: Path, *, applied: bool) -> Iterator[tuple[str, str]]:
    """Yield the first plan of a stack as JSON, and its state after an apply where that is asked for."""
    stack, settings = write_hcl(fault, folder / "stack"), folder / "terraform.rc"
    mirror = os.environ["TF_PLUGIN_MIRROR"]
    settings.write_text(f'provider_installation {{\n  filesystem_mirror {{\n    path = "{mirror}"\n  }}\n}}\n')
    with account() as address:

        def run(*arguments: str) -> str:
            done = subprocess.run(
                ["terraform", *arguments],
                cwd=stack,
                env={
                    **KEYS,
                    "PATH": os.environ["PATH"],
                    "HOME": str(folder),
                    "TF_CLI_CONFIG_FILE": str(settings),
                    "CHECKPOINT_DISABLE": "1",
                    "AWS_ENDPOINT_URL": address,
                    "TF_VAR_database_password": "only-for-the-emulator",
                },
                capture_output=True,
                text=True,
                timeout=900,
                check=False,
            )
            assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
            return done.stdout

        run("init", "-no-color")
        run("plan", "-no-color", "-out=first")
        yield "plan", run("show", "-json", "first")
        if applied:
            run("apply", "-no-color", "first")
            yield "state", run("show", "-json")


def of_pulumi(fault: Fault, folder: Path, *, applied: bool) -> Iterator[tuple[str, str]]:
    """Yield the preview of a stack of which there is nothing yet, and its state where it is to be brought up."""
    with shop(folder, STACK, {}) as made:
        shutil.rmtree(made.folder / "infra")
        written = folder / "written"
        written.mkdir()
        shutil.move(write_pulumi(fault, written) / "infra", made.folder)
        yield "preview", made.run("preview", "--json", "--stack", STACK)
        if applied:
            made.run("up", "--yes", "--skip-preview", "--stack", STACK)
            yield "state", made.run("stack", "export", "--stack", STACK)
