"""Where a module call's files stand: beside the caller, or where `terraform init` put a copy."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from checker.collect.hcl.tree import OutsideError, Tree

_MANIFEST = Path(".terraform") / "modules" / "modules.json"


@dataclass(frozen=True)
class Copies:
    """The modules that were put beside a root module, by the path of calls to them; the folder of each."""

    folders: Mapping[str, tuple[str, Path]]

    @classmethod
    def beside(cls, root: Path, tree: Tree) -> Copies:
        """Return what the manifest of a root module lists; nothing where there is none that can be read.

        Source: https://developer.hashicorp.com/terraform/cli/init#child-module-installation
        """
        try:
            found = json.loads(tree.read(root / _MANIFEST))
        except (OSError, OutsideError, ValueError, RecursionError):
            return cls({})
        entries = found.get("Modules") if isinstance(found, dict) else None
        return cls(
            {
                str(entry["Key"]): (str(entry.get("Source", "")), root / str(entry["Dir"]))
                for entry in (entries if isinstance(entries, list) else ())
                if isinstance(entry, dict) and entry.get("Key") and isinstance(entry.get("Dir"), str)
            }
        )

    def folder(self, calls: tuple[str, ...], source: str) -> Path | None:
        """Return the folder of the copy that a chain of calls leads to, if it is one of that source."""
        listed, folder = self.folders.get(".".join(calls), ("", None))
        return folder if _bare(listed) == _bare(source) else None


def _bare(source: str) -> str:
    """Return a source without what Terraform adds when it writes the source down: `github.com/a/b` is a git URL.

    Source: https://developer.hashicorp.com/terraform/language/modules/sources#github
    """
    for start in ("git::", "https://", "ssh://", "git@", "registry.terraform.io/"):
        source = source.removeprefix(start)
    return source.replace(".git", "", 1).replace(":", "/", 1)


def is_local(source: str) -> bool:
    """Tell whether a module's source is a folder beside the caller.

    Source: https://developer.hashicorp.com/terraform/language/modules/sources#local-paths
    """
    return source in (".", "..") or source.startswith(("./", "../", ".\\", "..\\"))
