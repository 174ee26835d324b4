"""Reading the files of one folder as one module."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from checker.collect.hcl.declarations import Configuration, Declaration, Trouble
from checker.collect.hcl.faults import Spoiled, spoiled_blocks
from checker.collect.hcl.parse import parse, parse_json
from checker.collect.hcl.syntax import Block, Body, Expression, File, Literal
from checker.collect.hcl.tree import OutsideError, Tree, shown
from checker.model.record import Comment

WAIVE = "tierproof:waive"
# Blocks that say nothing about what stands after the apply.
# Source: https://developer.hashicorp.com/terraform/language/block/resource
_SILENT = frozenset({"moved", "import", "removed", "check", "ephemeral", "action"})
_LABELS = {
    "resource": 2,
    "data": 2,
    "module": 1,
    "variable": 1,
    "output": 1,
    "provider": 1,
    "locals": 0,
    "terraform": 0,
}


def is_configuration_file(name: str) -> bool:
    """Tell whether Terraform reads a file of this name; hidden files and editors' copies are left out.

    Source: https://developer.hashicorp.com/terraform/language/files
    """
    is_copy = name.startswith(".") or name.endswith("~") or (name.startswith("#") and name.endswith("#"))
    return name.endswith((".tf", ".tf.json")) and not is_copy


def configuration_files(path: Path) -> tuple[Path, ...]:
    """Return the files of a folder in the order in which they are read, overrides last; a file stands for itself."""
    if not path.is_dir():
        return (path,)
    found = [item for item in path.iterdir() if is_configuration_file(item.name) and not item.is_dir()]
    return tuple(sorted(found, key=lambda item: (_overrides(item), item.name)))


def load(path: Path, tree: Tree) -> Configuration:
    """Return what the files of a folder, or one file, declare; what cannot be read is a trouble."""
    result = Configuration(path if path.is_dir() else path.parent)
    try:
        files = configuration_files(path)
    except OSError as error:
        result.troubles.append(_unread(path, error))
        return result
    if not path.is_dir():
        result.troubles.extend(_left_out(path))
    later: list[tuple[str, Block]] = []
    for item in files:
        file = _read(item, tree, result)
        if file is None:
            continue
        result.files[file.path] = len(file.body.blocks)
        result.comments.extend(_comments(file))
        for name, expression in file.body.attributes.items():
            message = f"{name} is set outside of any block"
            result.troubles.append(Trouble(file.path, expression.line, message, "put it into a block, or remove it"))
        for block in file.body.blocks:
            if _overrides(item):
                later.append((file.path, block))
            else:
                _declare(result, file.path, block)
    for name, block in later:
        _override(result, name, block)
    for kind, *labels in result.doubled:  # which of the two is meant, nobody can tell
        if kind == "locals":
            result.locals.pop(labels[0], None)
        else:
            result.table(kind).pop(tuple(labels), None)
    return result


def _left_out(path: Path) -> Iterator[Trouble]:
    """Yield what a file that was named alone leaves out: the others of its folder."""
    others = [item for item in configuration_files(path.parent) if item.name != path.name]
    if others:
        message = f"{len(others)} more configuration files of its folder were not given"
        yield Trouble(shown(path.parent), None, message, f"check {shown(path.parent)} instead")


def _overrides(path: Path) -> bool:
    """Tell whether a file changes what other files declare.

    Source: https://developer.hashicorp.com/terraform/language/files/override
    """
    stem = path.name.removesuffix(".json").removesuffix(".tf")
    return stem == "override" or stem.endswith("_override")


def _read(path: Path, tree: Tree, result: Configuration) -> File | None:
    name = shown(path)
    try:
        data = tree.read(path, beside=path.parent)
    except (OSError, OutsideError) as error:
        result.troubles.append(_unread(path, error))
        return None
    file = parse_json(data, name) if name.endswith(".json") else parse(data, name)
    lines = data.decode("utf-8", "replace").split("\n") if file.faults else []
    for fault in file.faults:
        blocks = spoiled_blocks(lines, fault.first, fault.last)
        result.troubles.append(Trouble(name, fault.line, fault.message, "mend the file", blocks))
    return file


def _unread(path: Path, error: OSError | OutsideError) -> Trouble:
    reason = error.strerror if isinstance(error, OSError) else str(error)
    return Trouble(shown(path), None, f"it cannot be read: {reason}", f"make {shown(path)} readable")


def _comments(file: File) -> Iterator[Comment]:
    """Yield the comments that speak to us, with the lines of the block that each stands in or right above."""
    for line, text in file.comments.items():
        if WAIVE in text:
            below = line
            while below in file.comments:  # remarks may stand between it and the block
                below += 1
            around = [block for block in file.body.blocks if block.line <= below and line <= block.end_line]
            block = around[0] if around else None
            first, last = (min(line, block.line), block.end_line) if block else (line, line)
            yield Comment(file.path, first, last, text)


def _declare(result: Configuration, file: str, block: Block) -> None:
    if block.type in _SILENT:
        return
    declared = Declaration(block.type, block.labels, block.body, file, block.line, block.end_line)
    if _LABELS.get(block.type) != len(block.labels):
        header = " ".join((block.type, *(f'"{label}"' for label in block.labels)))
        message = f"{header} is no block that Terraform knows"
        result.troubles.append(Trouble(file, block.line, message, "correct the block, or remove it"))
    elif block.type == "terraform":
        result.settings.append(declared)
    elif block.type == "locals":
        for name, expression in block.body.attributes.items():
            if result.locals.setdefault(name, expression) is not expression:
                result.doubled.add(("locals", name))
                message = f"local.{name} is declared twice"
                hidden = (Spoiled("locals", (), expression.line),)
                result.troubles.append(Trouble(file, expression.line, message, "remove one of them", hidden))
    else:
        _put(result, replace(declared, labels=_labels(block)))


def _put(result: Configuration, declared: Declaration) -> None:
    before = result.table(declared.kind).setdefault(declared.labels, declared)
    if before is not declared:
        result.doubled.add((declared.kind, *declared.labels))
        address = ".".join(declared.labels if declared.kind == "resource" else (declared.kind, *declared.labels))
        message = f"{address} is declared twice: at {before.place} and at {declared.place}"
        hidden = (Spoiled(declared.kind, declared.labels, declared.line),)
        result.troubles.append(Trouble(declared.file, declared.line, message, "remove one of them", hidden))


def _labels(block: Block) -> tuple[str, ...]:
    """Return the labels of a block; a provider has its alias as a second one."""
    alias = block.body.attributes.get("alias") if block.type == "provider" else None
    return (*block.labels, str(alias.value)) if isinstance(alias, Literal) else block.labels


def _override(result: Configuration, file: str, block: Block) -> None:
    """Merge a block of an override file into the one that it changes.

    Source: https://developer.hashicorp.com/terraform/language/files/override#merging-behavior
    """
    if block.type in _SILENT:
        return
    if block.type == "locals":
        result.locals.update(block.body.attributes)
        return
    if block.type == "terraform":
        changed = {inner.type for inner in block.body.blocks} & {"backend", "cloud"}
        if changed:
            result.settings[:] = [_without(one, {"backend", "cloud"}) for one in result.settings]
        result.settings.append(Declaration("terraform", (), block.body, file, block.line, block.end_line))
        return
    labels = _labels(block)
    base = result.tables.get(block.type, {}).get(labels)
    if base is None:
        if block.type in _LABELS:
            address = ".".join((block.type, *labels))
            message = f"{address} overrides a block that is declared nowhere"
            result.troubles.append(Trouble(file, block.line, message, "declare it, or remove the override"))
        return
    result.table(block.type)[labels] = replace(base, body=merged(base.body, block.body))


def _without(declared: Declaration, types: set[str]) -> Declaration:
    blocks = tuple(block for block in declared.body.blocks if block.type not in types)
    return replace(declared, body=Body(declared.body.attributes, blocks))


def merged(base: Body, change: Body) -> Body:
    """Return a body with another's attributes, and its blocks of each type in place of all of the same type."""
    attributes: Mapping[str, Expression] = {**base.attributes, **change.attributes}
    replaced = {_produces(block) for block in change.blocks}
    kept = tuple(block for block in base.blocks if _produces(block) not in replaced)
    return Body(attributes, (*kept, *change.blocks))


def _produces(block: Block) -> str:
    return block.labels[0] if block.type == "dynamic" and block.labels else block.type
