"""Reading files of HCL: blocks and attributes, and what remains of a file that has mistakes in it."""

from __future__ import annotations

import re
import unicodedata

from checker.collect.hcl.expressions import ExpressionParser
from checker.collect.hcl.json_syntax import read_json
from checker.collect.hcl.scan import MAX_DEPTH, NotHclError, Text
from checker.collect.hcl.syntax import Attribute, Block, Body, Expression, Fault, File, Index, Literal, Variable

_NAME = r"[^\W\d][\w-]*"
_SIMPLE = re.compile(
    rf'[ \t]*({_NAME})[ \t]*=[ \t]*(?:"([^"\\$%\n\r]*)"|(\d{{1,15}})|(true|false|null)'
    rf"|({_NAME}(?:\.{_NAME}|\[\d{{1,9}}\])*))"
    r"[ \t]*\r?\n"
)
_STEP = re.compile(r"\.([^.\[]+)|\[(\d+)\]")
_WORDS = {"true": True, "false": False, "null": None}
_LABEL = re.compile(rf'"((?:[^"\\\n]|\\.)*)"|({_NAME})')
_HEADER = re.compile(
    r"^(?:resource|data|module|variable|output|locals|provider|terraform|moved|removed|import|check|ephemeral)\b[^\n=]*\{"
    rf"|^{_NAME}[ \t]*=",
    re.MULTILINE,
)
_TOP_LEVEL = {"resource": 2, "data": 2, "module": 1, "variable": 1, "output": 1, "locals": 0}


def parse(data: bytes, path: str) -> File:
    """Read a file in HCL's native syntax; what is wrong in it is told by faults, and the rest of it is still there.

    A block with a mistake in it is left out where it could not be read; whatever stands between a fault's first and
    last line must not be relied on.
    Source: https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md
    """
    try:
        source = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        last = data.count(b"\n") + 1
        return File(path, Body({}, ()), (Fault(line, "the file is not text in UTF-8", 1, last),), {})
    return _Reader(Text(source)).file(path)


def parse_json(data: bytes, path: str) -> File:
    """Read a file in Terraform's JSON syntax, as `parse` reads one in the native syntax."""
    return read_json(data, path)


class _Reader:
    """The reading of one file."""

    def __init__(self, text: Text) -> None:
        self.text = text
        self.source = text.source
        self.expressions = ExpressionParser(text)
        self.names: dict[str, str] = {}

    def file(self, path: str) -> File:
        attributes: dict[str, Expression] = {}
        blocks: list[Block] = []
        faults: list[Fault] = []
        position: int | None = 0
        while position is not None:
            self.text.position = position
            position = self.pieces(attributes, blocks, faults)
        return File(path, Body(attributes, tuple(blocks)), tuple(faults), self.text.comments)

    def pieces(self, attributes: dict[str, Expression], blocks: list[Block], faults: list[Fault]) -> int | None:
        """Read pieces up to the end, or up to a mistake; return where to go on after one."""
        text = self.text
        start = text.position
        try:
            while True:
                text.skip_lines()
                start = text.position
                if text.position >= text.end:
                    return None
                self.piece(attributes, blocks, 0, one_line=False)
        except (NotHclError, RecursionError) as error:
            at, message = (
                (error.position, str(error)) if isinstance(error, NotHclError) else (start, "nested too deeply")
            )
            at = max(at, start)
            self.expressions.start_again()
            first, next_one = self.spoiled(start, at)
            last = text.line(next_one) - 1 if next_one is not None else text.line(text.end)
            faults.append(Fault(text.line(at), message, first, max(first, last)))
            return next_one

    def spoiled(self, start: int, at: int) -> tuple[int, int | None]:
        """Return the first line that a mistake spoils, and where the next piece begins that it surely leaves alone."""
        first = start
        if not _HEADER.match(self.source, start):  # a stray piece may belong to the block before it
            headers = [match.start() for match in _HEADER.finditer(self.source, 0, start)]
            first = headers[-1] if headers else 0
        after = self.source.find("\n", start)
        found = _HEADER.search(self.source, after) if after >= 0 else None
        return self.text.line(first), found.start() if found else None

    def piece(self, attributes: dict[str, Expression], blocks: list[Block], depth: int, *, one_line: bool) -> None:
        """Read one attribute or block, with the newline after it."""
        text, source = self.text, self.source
        start = text.position
        name = text.name()
        if name is None:
            raise NotHclError(start, f"a name was expected here, not {text.shown()}")
        name = self.names.setdefault(name, name)
        text.skip_blanks()
        if source.startswith("=", text.position) and not source.startswith("==", text.position):
            text.position += 1
            value = self.expressions.expression()
            self.put(attributes, name, value, start)
        else:
            blocks.append(self.block(name, start, depth))
        text.skip_blanks()
        if one_line and source.startswith("}", text.position):
            return
        if not text.end_of_line():
            raise NotHclError(text.position, f"a new line was expected here, not {text.shown()}")

    @staticmethod
    def put(attributes: dict[str, Expression], name: str, value: Expression, at: int) -> None:
        if name in attributes:
            raise NotHclError(at, f'"{name}" is set twice')
        attributes[name] = value

    def block(self, name: str, start: int, depth: int) -> Block:
        """Read a block from its labels on."""
        text = self.text
        labels: list[str] = []
        while True:
            text.skip_blanks()
            if text.take("{"):
                break
            label = _LABEL.match(self.source, text.position)
            if not label:
                raise NotHclError(text.position, f'"{{" or "=" was expected after "{name}", not {text.shown()}')
            text.position = label.end()
            word = label[2] if label[1] is None else text.unescape(label[1], label.start())
            labels.append(self.names.setdefault(word, word))
        at_margin = start == 0 or self.source[start - 1] == "\n"
        if depth and at_margin and _TOP_LEVEL.get(name) == len(labels):
            raise NotHclError(start, "the block before this one is not closed")
        if depth >= MAX_DEPTH:
            raise NotHclError(start, "blocks are nested too deeply")
        return self.inside(name, tuple(labels), start, depth)

    def inside(self, name: str, labels: tuple[str, ...], start: int, depth: int) -> Block:
        """Read a block from behind its brace on."""
        text, source = self.text, self.source
        line = text.line(start)
        attributes: dict[str, Expression] = {}
        blocks: list[Block] = []
        text.skip_blanks()
        one_line = not text.end_of_line()
        if one_line and not source.startswith("}", text.position):
            self.piece(attributes, blocks, depth + 1, one_line=True)
            text.skip_blanks()
        while not text.take("}"):
            if one_line:
                raise NotHclError(start, 'the block on one line is not closed: "}" or a new line was expected')
            self.simple_lines(attributes)
            text.skip_lines()
            if text.position >= text.end:
                raise NotHclError(start, f'the block "{name}" is not closed')
            if not source.startswith("}", text.position):
                self.piece(attributes, blocks, depth + 1, one_line=False)
        return Block(name, labels, Body(attributes, tuple(blocks)), line, text.line(text.position - 1))

    def simple_lines(self, attributes: dict[str, Expression]) -> None:
        """Read the lines that are an attribute with a plain value or reference; most lines are."""
        text, source = self.text, self.source
        while match := _SIMPLE.match(source, text.position):
            name, string, number, word, reference = match.groups()
            line = text.line(match.start(1))
            value: Expression
            if string is not None:
                value = Literal(line, string if string.isascii() else unicodedata.normalize("NFC", string))
            elif number is not None:
                value = Literal(line, int(number))
            elif word is not None:
                value = Literal(line, _WORDS[word])
            else:
                value = self.reference(reference, line)
            self.put(attributes, self.names.setdefault(name, name), value, match.start(1))
            text.position = match.end()

    def reference(self, source: str, line: int) -> Expression:
        """Return the expression of a plain reference such as `aws_subnet.a[0].id`."""
        names = self.names
        dot = min((at for at in (source.find("."), source.find("[")) if at >= 0), default=len(source))
        root = source[:dot]
        if root in _WORDS and dot == len(source):
            return Literal(line, _WORDS[root])
        value: Expression = Variable(line, names.setdefault(root, root))
        for step, index in _STEP.findall(source[dot:]):
            if step:
                value = Attribute(line, value, names.setdefault(step, step))
            else:
                value = Index(line, value, Literal(line, int(index)))
        return value
