"""Functions that read files, through the reader that the names of an expression bring along.

Source: https://developer.hashicorp.com/terraform/language/functions/file
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Sequence

from checker.collect.hcl.convert import mapping_of, set_of, text_of
from checker.collect.hcl.functions import encoding
from checker.collect.hcl.functions.function import Function
from checker.collect.hcl.values import Failure, FailureError, Names, UndecidedError, Value
from checker.model.fact import Missing


def _read(path: Value, names: Names) -> bytes:
    name = text_of(path)
    if names.files is None:
        raise UndecidedError(Missing(f"the file {name} is not read here"))
    data = names.files.read(name)
    if isinstance(data, Failure):
        raise FailureError(data.fact)
    if isinstance(data, Missing):
        raise UndecidedError(data)
    return data


def _text(path: Value, names: Names) -> str:
    try:
        return _read(path, names).decode("utf-8")
    except UnicodeDecodeError:
        raise FailureError(f"the file {text_of(path)} is no text in UTF-8") from None


def _of_bytes(change: Callable[[bytes], str]) -> Function:
    return Function(lambda arguments, names: change(_read(arguments[0], names)), 1, 1)


def file(arguments: Sequence[Value], names: Names) -> Value:
    """Return the text of a file."""
    return _text(arguments[0], names)


def fileexists(arguments: Sequence[Value], names: Names) -> Value:
    """Tell whether a file is there."""
    try:
        _read(arguments[0], names)
    except FailureError:
        return False
    return True


def fileset(arguments: Sequence[Value], names: Names) -> Value:
    """Return the files below a folder that fit a pattern."""
    folder, pattern = text_of(arguments[0]), text_of(arguments[1])
    if names.files is None:
        raise UndecidedError(Missing(f"the folder {folder} is not read here"))
    found = names.files.match(folder, pattern)
    if isinstance(found, Missing):
        raise UndecidedError(found)
    return set_of(found)


def templatefile(arguments: Sequence[Value], names: Names) -> Value:
    """Return a file's text as a template with the names of a map."""
    from checker.collect.hcl.rendering import render  # it evaluates, and evaluation calls functions

    text = _text(arguments[0], names)
    return render(text, mapping_of(arguments[1]), names)


def templatestring(arguments: Sequence[Value], names: Names) -> Value:
    """Return a text as a template with the names of a map."""
    from checker.collect.hcl.rendering import render

    return render(text_of(arguments[0]), mapping_of(arguments[1]), names)


def _path(change: Callable[[str], str]) -> Function:
    return Function(lambda arguments, _: change(text_of(arguments[0])), 1, 1)


def _unknown_path(arguments: Sequence[Value], names: Names) -> Value:
    raise UndecidedError(Missing("paths of the machine that Terraform runs on are not known"))


def _dirname(path: str) -> str:
    return posixpath.normpath(posixpath.dirname(path) or ".")


def _basename(path: str) -> str:
    return posixpath.basename(path.rstrip("/")) or ("/" if path else ".")


FUNCTIONS: dict[str, Function] = {
    "abspath": Function(_unknown_path, 1, 1),
    "basename": _path(_basename),
    "dirname": _path(_dirname),
    "file": Function(file, 1, 1),
    "filebase64": _of_bytes(encoding.base64_text),
    "filebase64sha256": _of_bytes(lambda data: encoding.base64_text(encoding.sha256(data))),
    "filebase64sha512": _of_bytes(lambda data: encoding.base64_text(encoding.sha512(data))),
    "fileexists": Function(fileexists, 1, 1),
    "filemd5": _of_bytes(lambda data: encoding.md5(data).hex()),
    "fileset": Function(fileset, 2, 2),
    "filesha1": _of_bytes(lambda data: encoding.sha1(data).hex()),
    "filesha256": _of_bytes(lambda data: encoding.sha256(data).hex()),
    "filesha512": _of_bytes(lambda data: encoding.sha512(data).hex()),
    "pathexpand": Function(
        lambda arguments, names: (
            _unknown_path(arguments, names) if text_of(arguments[0]).startswith("~") else text_of(arguments[0])
        ),
        1,
        1,
    ),
    "templatefile": Function(templatefile, 2, 2),
    "templatestring": Function(templatestring, 2, 2),
}
