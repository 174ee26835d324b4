"""Stacks of a project: which one is meant, and its configuration as the program sees it.

Source: https://www.pulumi.com/docs/iac/concepts/projects/stack-settings-file/
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from checker.collect.pulumi_program.documents import Document, Place, document
from checker.collect.pulumi_program.project import Project
from checker.errors import ConfigurationError, UsageError

_NO_STACK = "dev"
_ENDINGS = (".yaml", ".yml")
_DESCRIBES = frozenset({"type", "description", "secret", "default", "value", "items"})
_SECURE = "secure"
# What stands for a secret inside of a value whose other parts are no secrets; each run has another.
_INSIDE = "secret-of-tierproof"


@dataclass(frozen=True, kw_only=True)
class Stack:
    """A stack's configuration.

    `config` has full keys (`aws:region`) and texts, None for a secret, which is never read; `secrets` are the keys of
    all that must not be shown. `environments` are the names of environments that would add to it. `remark` says what a
    reader must know of where it comes from.
    """

    name: str
    organization: str = "organization"
    config: Mapping[str, str | None]
    secrets: tuple[str, ...] = ()
    environments: tuple[str, ...] = ()
    file: str = ""
    remark: str = ""

    @property
    def shown(self) -> Mapping[str, str]:
        """Return what may be shown."""
        hidden = set(self.secrets)
        return {key: text for key, text in self.config.items() if text is not None and key not in hidden}

    def spelled(self, spelling: str) -> Mapping[str, str | None]:
        """Return the configuration of one run: what stands for parts that are secret is another in each."""
        return {key: text and text.replace(_INSIDE, f"{_INSIDE}-{spelling}") for key, text in self.config.items()}


def stack_of(project: Project, name: str | None) -> Stack:
    """Return the stack that is called so, or the only one.

    Raises:
        UsageError: there is no such stack, or there are several and none was named.
        ConfigurationError: its file cannot be read, or lacks what the project asks for.
    """
    files = _files(project.stacks)
    organization, _, short = (name or "").rpartition("/")
    if not name and len(files) > 1:
        hint = f"give --stack with one of {', '.join(files)}"
        raise UsageError("the project has several stacks", where=str(project.folder), hint=hint)
    short = short or next(iter(files), _NO_STACK)
    if files and short not in files:
        hint = f"there {'is' if len(files) == 1 else 'are'} {', '.join(files)}"
        raise UsageError(f"{project.name} has no stack {short!r}", where=f"--stack {name}", hint=hint)
    file = document(files[short]) if short in files else None
    config, secrets = _written(project, file)
    environments = _environments(file)
    _add_declared(project, short, config, secrets, is_all=not environments)
    remark = "" if file else f"{project.folder} has no stack's file: run with the project's defaults as stack {short}"
    return Stack(
        name=short,
        organization=organization.partition("/")[0] or "organization",
        config=config,
        secrets=tuple(sorted(secrets)),
        environments=environments,
        file=str(file.path) if file else "",
        remark=remark,
    )


def _files(folder: Path) -> dict[str, Path]:
    """Return the files of stacks by their names."""
    found: dict[str, Path] = {}
    for path in sorted(folder.glob("Pulumi.?*.y*ml")):
        if path.suffix in _ENDINGS and path.is_file():
            found.setdefault(path.name.removeprefix("Pulumi.").removesuffix(path.suffix), path)
    return found


def _written(project: Project, file: Document | None) -> tuple[dict[str, str | None], set[str]]:
    """Return what a stack's file sets, and the keys of secrets."""
    config: dict[str, str | None] = {}
    secrets: set[str] = set()
    if file is None:
        return config, secrets
    for key, value in file.table("config").items():
        full = _full(project, key)
        hidden, plain = _without_secrets(value)
        if hidden:
            secrets.add(full)
        if isinstance(plain, (dict, list)):
            config[full] = json.dumps(plain, sort_keys=True, separators=(",", ":"))
        else:
            config[full] = None if hidden else _text(file, ("config", key), value)
    return config, secrets


def _full(project: Project, key: str) -> str:
    """Return the full name of a key; `namespace:config:name` is how it was once written.

    Source: https://github.com/pulumi/pulumi/blob/master/sdk/go/common/resource/config/key.go
    """
    parts = key.split(":")
    if len(parts) == 1:
        return f"{project.name}:{key}"
    return f"{parts[0]}:{parts[2]}" if len(parts) == 3 and parts[1] == "config" else key


def _text(file: Document, place: Place, value: object) -> str:
    """Return a value as the program is given it: as it is written."""
    return "" if value is None else file.texts.get(place, "")


def _without_secrets(value: object) -> tuple[bool, object]:
    """Return whether a value is or has a secret, and the value without any.

    Source: https://github.com/pulumi/pulumi/blob/master/sdk/go/common/resource/config/value.go
    """
    if isinstance(value, Mapping):
        if set(value) == {_SECURE} and isinstance(value[_SECURE], str):
            return True, _INSIDE
        parts = {key: _without_secrets(item) for key, item in value.items()}
        return any(hidden for hidden, _ in parts.values()), {key: plain for key, (_, plain) in parts.items()}
    if isinstance(value, list):
        items = [_without_secrets(item) for item in value]
        return any(hidden for hidden, _ in items), [plain for _, plain in items]
    return False, value


def _environments(file: Document | None) -> tuple[str, ...]:
    """Return the names of environments that a stack imports; one that stands in its file has none."""
    given = file.table().get("environment") if file else None
    imports = given.get("imports", ["in the file"]) if isinstance(given, Mapping) else given
    names = imports if isinstance(imports, list) else [imports] if imports else []
    return tuple(next(iter(one), "") if isinstance(one, Mapping) else str(one) for one in names)


def _add_declared(
    project: Project, stack: str, config: dict[str, str | None], secrets: set[str], *, is_all: bool
) -> None:
    """Add what the project declares and the stack does not set.

    Raises `ConfigurationError` for what has no default, as `pulumi` does.
    Source: https://github.com/pulumi/pulumi/blob/master/sdk/go/common/workspace/config.go (mergeConfig)
    """
    absent: list[str] = []
    for key, declared in project.declared.items():
        full = _full(project, key)
        describes = isinstance(declared, Mapping) and bool(declared) and set(declared) <= _DESCRIBES
        described = declared if isinstance(declared, Mapping) and describes else {"default": declared}
        if described.get("secret") is True:
            secrets.add(full)
        if full in config:
            continue
        value = next((described[name] for name in ("default", "value") if described.get(name) is not None), None)
        if value is not None:
            config[full] = _default(value)
        elif describes and full.partition(":")[0] == project.name:
            absent.append(key)
    if absent and is_all:
        first = f"pulumi config set {absent[0]} VALUE --stack {stack}"
        keys = ", ".join(sorted(absent))
        where = f"{project.file.path}:{project.file.lines.get(('config', absent[0]), 1)}"
        raise ConfigurationError(f"the stack {stack} does not set {keys}", where=where, hint=first)


def _default(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, (str, int, float)):
        return str(value)
    return json.dumps(value, sort_keys=True, separators=(",", ":"))
