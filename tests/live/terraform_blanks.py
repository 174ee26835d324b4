"""One thing after the other made unknown in a Terraform configuration, and what may become of its verdicts then.

The places are found with a parser of its own (tree-sitter), so that what the tool reads wrongly is not read so here.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import tree_sitter_hcl
from tree_sitter import Language, Node, Parser

from checker.model.finding import Result, Verdict
from checker.model.report import Report

VARIABLE = 'variable "blank" {}\n'
_PARSER = Parser(Language(tree_sitter_hcl.language()))
# What names the thing that something belongs to. A variable without a value names one that stands elsewhere (see
# docs/decisions/0016): what is said of it then is said of something else, and nothing is blanked.
BELONGS = frozenset({"security_group_id", "route_table_id", "subnet_id", "vpc_id", "identifier"})
# What a configuration says of itself or of Terraform, and not of what stands after an apply.
_NOT_BLANKED = frozenset({"terraform", "variable"})
_META = frozenset({"lifecycle", "provisioner", "connection", "timeouts"})


@dataclass(frozen=True)
class Blank:
    """A part of a file that is written otherwise: the bytes from `start` to `end` become `text`."""

    kind: str
    file: Path
    where: str
    start: int
    end: int
    text: bytes

    def __str__(self) -> str:
        return f"{self.kind} {self.where}"

    @property
    def is_another(self) -> bool:
        """Tell whether it names another thing instead of hiding something."""
        return self.kind == "value" and self.where.rpartition(".")[2] in BELONGS

    def applied(self) -> bytes:
        """Return the content of the file with the blank in it."""
        before = self.file.read_bytes()
        return before[: self.start] + self.text + before[self.end :]


def blanks(root: Path) -> Iterator[Blank]:
    """Yield every blank of the configuration files below a folder."""
    for file in sorted(root.rglob("*.tf")):
        content = file.read_bytes()
        name = file.relative_to(root).as_posix()
        yield Blank("broken file", file, name, 0, 0, b"resource {{\n")
        yield Blank("cut file", file, name, len(content) // 2, len(content), b"")
        yield Blank("no text", file, name, len(content), len(content), b"\xff\xfe\n")
        for block in _blocks(_PARSER.parse(content).root_node):
            yield from _of_block(file, name, block)


def _of_block(file: Path, name: str, block: Node) -> Iterator[Blank]:
    type_, *labels = _header(block)
    if type_ in _NOT_BLANKED:
        return
    where = f"{name}:{block.start_point[0] + 1} {'.'.join((type_, *labels))}"
    start = _inside(block)
    yield Blank("syntax error in", file, where, start, start, b"\n  = = {\n")
    if type_ in ("resource", "data", "module"):
        for meta in ("count", "for_each"):
            spans = [item for item in _attributes(block) if _name(item) in ("count", "for_each")]
            if spans:
                at = spans[0]
                yield Blank(f"{meta} of", file, where, at.start_byte, at.end_byte, f"{meta} = var.blank".encode())
            else:
                yield Blank(f"{meta} of", file, where, start, start, f"\n  {meta} = var.blank\n".encode())
    yield from _inner(file, where, block)


def _inner(file: Path, where: str, block: Node) -> Iterator[Blank]:
    for attribute in _attributes(block):
        value = attribute.children[-1]
        either = b"var.blank == 1 ? null : (" + _text(value) + b")"
        yield Blank("either", file, f"{where}.{_name(attribute)}", value.start_byte, value.end_byte, either)
        yield Blank("value", file, f"{where}.{_name(attribute)}", value.start_byte, value.end_byte, b"var.blank")
    for inner in _blocks(block):
        type_, *_ = _header(inner)
        if type_ in _META:
            continue
        below = f"{where}.{type_}"
        if type_ != "dynamic":
            text = _text(inner)
            body = text[text.index(b"{") :]
            dynamic = b'dynamic "' + type_.encode() + b'" {\nfor_each = var.blank\ncontent ' + body + b"\n}"
            yield Blank("dynamic", file, below, inner.start_byte, inner.end_byte, dynamic)
        yield from _inner(file, below, inner)


def _body(node: Node) -> Node | None:
    return node if node.type == "body" else next((child for child in node.children if child.type == "body"), None)


def _children(node: Node, type_: str) -> list[Node]:
    body = _body(node)
    return [child for child in body.children if child.type == type_] if body else []


def _blocks(node: Node) -> list[Node]:
    return _children(node, "block")


def _attributes(node: Node) -> list[Node]:
    return _children(node, "attribute")


def _inside(block: Node) -> int:
    return next(child.end_byte for child in block.children if child.type == "block_start")


def _header(block: Node) -> list[str]:
    return [_text(child).decode().strip('"') for child in block.children if child.type in ("identifier", "string_lit")]


def _name(attribute: Node) -> str:
    return _text(attribute.children[0]).decode()


def _text(node: Node) -> bytes:
    assert node.text is not None
    return node.text


# What may become of verdicts

Key = tuple[str, str, str]


def verdicts(report: Report) -> Mapping[Key, Verdict]:
    """Return the verdicts by rule, kind and address of the subject (its id where it has no address)."""
    return {_key(result): result.verdict for result in report.results}


def _key(result: Result) -> Key:
    subject = result.subject
    address = (subject.origin and subject.origin.address) or (subject.id if subject.kind != "stack" else "")
    return result.rule, subject.kind, address


@dataclass(frozen=True)
class Change:
    """A verdict that a blank changed; None where the subject is gone."""

    key: Key
    before: Verdict | None
    after: Verdict | None

    def __str__(self) -> str:
        before, after = (one.value if one else "nothing" for one in (self.before, self.after))
        return f"{' '.join(self.key)}: {before} became {after}"


def lost(before: Report, after: Report) -> Iterator[Change]:
    """Yield each FAIL that became something better, or is gone without an open question of its rule or stack."""
    old, new = verdicts(before), verdicts(after)
    open_ = {rule for (rule, _, _), verdict in new.items() if verdict is Verdict.UNKNOWN}
    # Discovery asks of a Region, and a rule asks of a stack where it may have members of a tier that were not seen.
    may_hide = any(verdict is Verdict.UNKNOWN and kind in ("scope", "stack") for (_, kind, _), verdict in new.items())
    replaced = {rule for (rule, _, _), verdict in (new.items() - old.items()) if verdict is Verdict.FAIL}
    for key, verdict in old.items():
        now = new.get(key)
        excused = now is None and (after.exit_code == 3 or key[0] in open_ | replaced or may_hide)
        if verdict is Verdict.FAIL and now not in (Verdict.FAIL, Verdict.UNKNOWN) and not excused:
            yield Change(key, verdict, now)


def worse(before: Report, after: Report) -> Iterator[Change]:
    """Yield each PASS that became FAIL or is gone, and each FAIL that is new: a blank is no fault."""
    old, new = verdicts(before), verdicts(after)
    for key, verdict in old.items():
        if verdict is not Verdict.FAIL and new.get(key) is Verdict.FAIL:
            yield Change(key, verdict, new[key])
    for key, verdict in new.items():
        if key not in old and verdict is Verdict.FAIL:
            yield Change(key, None, verdict)
