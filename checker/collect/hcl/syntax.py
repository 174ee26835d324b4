"""The parts of a file: blocks, attributes and expressions, each with the line it stands on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Expression:
    """Any expression; `line` is the line it begins on, counted from 1."""

    line: int


@dataclass(frozen=True, slots=True)
class Literal(Expression):
    """A number, a truth value, null, or a string without interpolation."""

    value: bool | int | float | str | None


@dataclass(frozen=True, slots=True)
class Template(Expression):
    """A quoted template or heredoc: its parts in order, joined; `if` and `for` directives are parts too."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Directive(Expression):
    """`%{ if }` (collection empty) or `%{ for }` inside a template; `body` and `other` are templates."""

    condition: Expression | None
    names: tuple[str, ...]
    collection: Expression | None
    body: Expression
    other: Expression | None


@dataclass(frozen=True, slots=True)
class Variable(Expression):
    """The first name of a reference, such as `var`, `aws_vpc`, `each` or a name that a `for` binds."""

    name: str


@dataclass(frozen=True, slots=True)
class Attribute(Expression):
    """`of.name`, and `of.0` with the name `0`."""

    of: Expression
    name: str


@dataclass(frozen=True, slots=True)
class Index(Expression):
    """`of[key]`."""

    of: Expression
    key: Expression


@dataclass(frozen=True, slots=True)
class Item(Expression):
    """The item a splat is at, at the innermost of `Splat.each`."""


@dataclass(frozen=True, slots=True)
class Splat(Expression):
    """`of[*]` or `of.*` and what follows it; `each` is taken of every item and begins with an `Item`."""

    of: Expression
    each: Expression


@dataclass(frozen=True, slots=True)
class Call(Expression):
    """A call of a function; with `spread` the last argument is a list of arguments (`...`)."""

    name: str
    arguments: tuple[Expression, ...]
    spread: bool


@dataclass(frozen=True, slots=True)
class Unary(Expression):
    """`-value` or `!value`."""

    operator: str
    value: Expression


@dataclass(frozen=True, slots=True)
class Binary(Expression):
    """`left operator right`."""

    operator: str
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Conditional(Expression):
    """`condition ? then : otherwise`."""

    condition: Expression
    then: Expression
    otherwise: Expression


@dataclass(frozen=True, slots=True)
class Tuple(Expression):
    """`[a, b]`."""

    items: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Object(Expression):
    """`{ key = value }`; a bare word as a key is a literal."""

    items: tuple[tuple[Expression, Expression], ...]


@dataclass(frozen=True, slots=True)
class For(Expression):
    """`[for v in c : x if t]`, or with `key` `{for k, v in c : key => x... if t}`; `names` are the one or two bound."""

    names: tuple[str, ...]
    collection: Expression
    key: Expression | None
    value: Expression
    condition: Expression | None
    grouped: bool


@dataclass(frozen=True, slots=True)
class Block:
    """A block: its type, labels and body, and its first and last line."""

    type: str
    labels: tuple[str, ...]
    body: Body
    line: int
    end_line: int


@dataclass(frozen=True, slots=True)
class Body:
    """What stands between the braces of a block, or in a file."""

    attributes: Mapping[str, Expression]
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """A place that is not HCL; `first` and `last` are the lines of the smallest top-level piece it spoils."""

    line: int
    message: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class File:
    """One file: what was read of it and what was not; comments are kept by line for those that mean something."""

    path: str
    body: Body
    faults: tuple[Fault, ...]
    comments: Mapping[int, str]
