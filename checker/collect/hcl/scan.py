"""A text that is read from front to back: blanks, comments, names and the lines things stand on."""

from __future__ import annotations

import re
from bisect import bisect_right

MAX_DEPTH = 150
"""How deeply blocks, expressions and templates may nest; nobody writes a tenth of it by hand."""

_BLANKS = re.compile(r"[ \t]*")
_LINES = re.compile(r"[ \t\r\n]*")
_BLANK = frozenset(" \t")
_BLANK_OR_END = frozenset(" \t\r\n")
_NAME = re.compile(r"[^\W\d][\w-]*")
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|.?)", re.DOTALL)
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
_NOTE = re.compile(r"(?:#|//)([^\n]*)")


class NotHclError(Exception):
    """What stands at `position` is not HCL."""

    def __init__(self, position: int, message: str) -> None:
        super().__init__(message)
        self.position = position


class Text:
    """A text, the position of its reader and the comments passed so far."""

    def __init__(self, source: str, first_line: int = 1) -> None:
        self.source = source
        self.position = 0
        self.end = len(source)
        self.comments: dict[int, str] = {}
        self._first_line = first_line
        self._starts = [match.end() for match in re.finditer("\n", source)]

    def line(self, position: int) -> int:
        """Return the line of a position."""
        return bisect_right(self._starts, position) + self._first_line

    def shown(self) -> str:
        """Return what stands at the position, for a message."""
        if self.position >= self.end:
            return "the end of the file"
        if self.source[self.position] in "\r\n":
            return "the end of the line"
        word = re.compile(r"[\w-]+|.", re.DOTALL).match(self.source, self.position)
        return f'"{word[0][:40]}"' if word else "this"

    def take(self, sign: str) -> bool:
        """Step over `sign` if it stands here."""
        if self.source.startswith(sign, self.position):
            self.position += len(sign)
            return True
        return False

    def name(self) -> str | None:
        """Step over a name."""
        match = _NAME.match(self.source, self.position)
        if not match:
            return None
        self.position = match.end()
        return match[0]

    def skip_blanks(self) -> str:
        """Step over blanks and comments that do not end the line; return the sign that stands there, "" at the end."""
        source = self.source
        while True:
            position = self.position
            sign = source[position : position + 1]
            if sign in _BLANK:
                match = _BLANKS.match(source, position)
                self.position = position = match.end() if match else position
                sign = source[position : position + 1]
            if sign != "/" or not source.startswith("/*", position):
                return sign
            self._block_comment()

    def end_of_line(self) -> bool:
        """Step over the end of a line, with a comment before it; tell whether there is one."""
        if self.source[self.position : self.position + 1] in ("#", "/"):
            self._note()
        if self.position >= self.end:
            return True
        return self.take("\n") or self.take("\r\n")

    def skip_lines(self) -> str:
        """Step over blanks, comments and ends of lines; return the sign that stands there, "" at the end."""
        source = self.source
        while True:
            position = self.position
            sign = source[position : position + 1]
            if sign in _BLANK_OR_END:
                match = _LINES.match(source, position)
                self.position = position = match.end() if match else position
                sign = source[position : position + 1]
            if sign not in {"/", "#"}:
                return sign
            if source.startswith("/*", position):
                self._block_comment()
            elif not self._note():
                return sign

    def _note(self) -> bool:
        match = _NOTE.match(self.source, self.position)
        if match:
            self.comments[self.line(self.position)] = match[1].strip()
            self.position = match.end() - (1 if match[0].endswith("\r") else 0)
        return match is not None

    def _block_comment(self) -> None:
        start = self.position
        end = self.source.find("*/", start + 2)
        if end < 0:
            raise NotHclError(start, 'the comment "/*" is not closed')
        self.position = end + 2
        for number, words in enumerate(self.source[start + 2 : end].split("\n")):
            self.comments[self.line(start) + number] = words.strip()

    def unescape(self, words: str, at: int) -> str:
        """Return a quoted text with its backslash sequences replaced."""
        if "\\" not in words:
            return words
        return _ESCAPE.sub(lambda match: self._escaped(match[1], at + match.start()), words)

    @staticmethod
    def _escaped(sequence: str, at: int) -> str:
        if len(sequence) > 1:
            code = int(sequence[1:], 16)
            if code > 0x10FFFF or 0xD800 <= code < 0xE000:
                raise NotHclError(at, f'"\\{sequence}" is no character')
            return chr(code)
        if sequence not in _ESCAPES:
            raise NotHclError(at, f'"\\{sequence}" is not an escape sequence')
        return _ESCAPES[sequence]
