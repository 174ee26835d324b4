"""Encodings and hashes of texts.

Source: https://developer.hashicorp.com/terraform/language/functions
"""

from __future__ import annotations

import base64
import binascii
import gzip
import hashlib
import io
import uuid
from collections.abc import Callable
from urllib.parse import quote_plus

from checker.collect.hcl.convert import text_of
from checker.collect.hcl.functions.function import Function, pure
from checker.collect.hcl.values import FailureError, UndecidedError, Value
from checker.model.fact import Missing

_SPACES = {
    "dns": uuid.NAMESPACE_DNS,
    "url": uuid.NAMESPACE_URL,
    "oid": uuid.NAMESPACE_OID,
    "x500": uuid.NAMESPACE_X500,
}
_CHARACTER_SETS = {"utf-8": "utf-8", "utf-16le": "utf-16-le", "utf-16be": "utf-16-be", "iso-8859-1": "iso-8859-1"}

Digest = Callable[[bytes], bytes]


def md5(data: bytes) -> bytes:
    """Return the MD5 of some bytes."""
    return hashlib.md5(data, usedforsecurity=False).digest()


def sha1(data: bytes) -> bytes:
    """Return the SHA-1 of some bytes."""
    return hashlib.sha1(data, usedforsecurity=False).digest()


def sha256(data: bytes) -> bytes:
    """Return the SHA-256 of some bytes."""
    return hashlib.sha256(data).digest()


def sha512(data: bytes) -> bytes:
    """Return the SHA-512 of some bytes."""
    return hashlib.sha512(data).digest()


def base64_text(data: bytes) -> str:
    """Return bytes in base 64."""
    return base64.b64encode(data).decode("ascii")


def _hex(digest: Digest) -> Function:
    return pure(lambda text: digest(text_of(text).encode()).hex(), 1)


def _base64(digest: Digest) -> Function:
    return pure(lambda text: base64_text(digest(text_of(text).encode())), 1)


def base64decode(value: Value) -> Value:
    """Return the text that is written in base 64."""
    return _decoded(_bytes(text_of(value)), "utf-8")


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text.replace("\n", "").replace("\r", ""), validate=True)
    except (binascii.Error, ValueError):
        raise FailureError("the text is not base 64") from None


def _decoded(data: bytes, character_set: str) -> str:
    try:
        return data.decode(character_set)
    except UnicodeDecodeError:
        raise FailureError("what is encoded is no text") from None


def _character_set(name: Value) -> str:
    found = _CHARACTER_SETS.get(text_of(name).lower())
    if not found:
        raise UndecidedError(Missing(f"texts in the character set {text_of(name)} are not read"))
    return found


def textencodebase64(value: Value, name: Value) -> Value:
    """Return a text in some character set, in base 64."""
    try:
        return base64_text(text_of(value).encode(_character_set(name)))
    except UnicodeEncodeError:
        raise FailureError("the text has characters that the character set has not") from None


def textdecodebase64(value: Value, name: Value) -> Value:
    """Return the text that base 64 of some character set stands for."""
    return _decoded(_bytes(text_of(value)), _character_set(name))


def base64gzip(value: Value) -> Value:
    """Leave open what a compressed text is: it depends on the compressor."""
    text_of(value)
    raise UndecidedError(Missing("what base64gzip() gives is not worked out"))


def base64gunzip(value: Value) -> Value:
    """Return the text that is compressed and in base 64."""
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(_bytes(text_of(value)))) as stream:
            data = stream.read(10_000_001)
    except (OSError, EOFError):
        raise FailureError("the text is not compressed") from None
    if len(data) > 10_000_000:
        raise UndecidedError(Missing("a text of more than 10 MB"))
    return _decoded(data, "utf-8")


def uuidv5(space: Value, name: Value) -> Value:
    """Return the UUID of a name in a name space."""
    word = text_of(space)
    try:
        within = _SPACES[word] if word in _SPACES else uuid.UUID(word)
    except ValueError:
        raise FailureError("the name space is no UUID") from None
    return str(uuid.uuid5(within, text_of(name)))


def urlencode(value: Value) -> Value:
    """Return a text with the characters escaped that mean something in URLs."""
    return quote_plus(text_of(value), safe="").replace("%7E", "~")


def rsadecrypt(text: Value, key: Value) -> Value:
    """Leave open what is encrypted."""
    raise UndecidedError(Missing("what rsadecrypt() gives is not worked out"))


FUNCTIONS: dict[str, Function] = {
    "base64decode": pure(base64decode, 1),
    "base64encode": pure(lambda text: base64_text(text_of(text).encode()), 1),
    "base64gunzip": pure(base64gunzip, 1),
    "base64gzip": pure(base64gzip, 1),
    "base64sha256": _base64(sha256),
    "base64sha512": _base64(sha512),
    "md5": _hex(md5),
    "rsadecrypt": pure(rsadecrypt, 2),
    "sha1": _hex(sha1),
    "sha256": _hex(sha256),
    "sha512": _hex(sha512),
    "textdecodebase64": pure(textdecodebase64, 2),
    "textencodebase64": pure(textencodebase64, 2),
    "urlencode": pure(urlencode, 1),
    "uuidv5": pure(uuidv5, 2),
}
