"""Asks the real Terraform and the real Pulumi about every stack of the table, and keeps what they say.

`python -m tests.parity.recording`, with `terraform` and TF_PLUGIN_MIRROR, and with `pulumi`, its Python language host
and its AWS plugin on PATH: an hour, most of it waiting. Needed when the stack itself changes, or the table.
"""

import sys
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.parity.real import of_pulumi, of_terraform
from tests.parity.recorded import KINDS, pack
from tests.parity.spelling import Fault, table

AT_ONCE = 4


def _terraform(folder: Path, fault: Fault) -> None:
    work = folder / fault.name
    work.mkdir()
    for kind, text in of_terraform(fault, work, applied=True):
        _keep(folder, f"terraform-{kind}", fault.name, text)


def _pulumi(folder: Path, fault: Fault) -> None:
    work = folder / fault.name
    work.mkdir()
    for kind, text in of_pulumi(fault, work, applied=True):
        _keep(folder, f"pulumi-{kind}", fault.name, text)


def _keep(folder: Path, kind: str, name: str, text: str) -> None:
    (folder / kind).mkdir(exist_ok=True)
    (folder / kind / f"{name}.json").write_text(text, encoding="utf-8")
    sys.stderr.write(f"{kind} {name}\n")


def main() -> None:
    """Ask, and write the archives."""
    with TemporaryDirectory() as temporary:
        folder = Path(temporary)
        for ask in (_terraform, _pulumi):
            tool = folder / ask.__name__
            tool.mkdir()
            with ThreadPoolExecutor(AT_ONCE) as pool:
                list(pool.map(partial(ask, tool), table()))
        for kind in KINDS:
            pack(kind, next(folder.glob(f"*/{kind}")))


if __name__ == "__main__":
    main()
