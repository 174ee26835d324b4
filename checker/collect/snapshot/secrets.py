"""Secrets, and how a record is freed of them before it is written.

What goes: user data; what AWS's service models mark as sensitive; a member whose name says secret, unless the model
makes it a number, a time or one of a fixed choice, or it is the ARN of a secret; environments; the value of a pair
whose key says secret, such as a tag; and any text that looks like a credential, whatever it is called.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

# Where AWS puts what a machine runs at its start: scripts that often hold passwords, and that no rule needs.
_DROPPED = ("UserData",)
_SAYS_SECRET = re.compile(
    r"passw(or)?d|passphrase|secret|credential|(private|api|access|shared|encryption)_?-?key(?!id)|token|connection_?string",
    re.IGNORECASE,
)
# Names that hold one of those words and are no secret: they make requests repeatable, or name a key or a page.
_SAYS_NO_SECRET = re.compile(r"^(client|creation|idempotency|next)_?token$|arn$", re.IGNORECASE)
_ENVIRONMENTS = re.compile(r"^(environment|environment_?variables|env_?vars|variables)$", re.IGNORECASE)
# Access keys, private keys, JSON web tokens, passwords in URLs, keys of tunnels, and settings that name a secret.
_LOOKS_SECRET = re.compile(
    r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b|-----BEGIN [A-Z ]*PRIVATE KEY|\beyJ[\w-]{10,}\.[\w-]{10,}\.|://[^/\s:@]+:[^/\s@]+@"
    r"|(?i:pre_shared_key)|(?i:passw(?:or)?d|secret|token)\s*=\s*\S"
)
_ARN = re.compile(r"arn:[\w-]+:[\w-]+:")
_PAIRS = (("Key", "Value"), ("Name", "Value"), ("ParameterName", "ParameterValue"), ("name", "value"), ("key", "value"))
REMOVED = "(removed)"


@dataclass(frozen=True)
class Removed:
    """The mark of a value that was removed."""


@dataclass(frozen=True)
class Cleaner:
    """Frees values of secrets; names of members as `checker.collect.aws.members` finds them."""

    sensitive: frozenset[str] = field(default_factory=frozenset)
    harmless: frozenset[str] = field(default_factory=frozenset)

    def clean(self, value: object) -> object:
        """Return the value without secrets: a member that is one is `Removed`, in a pair its value is a fixed text."""
        if isinstance(value, Mapping):
            pair = self._secret_in_pair(value)
            return {
                key: REMOVED if key == pair else self._member(str(key), inner)
                for key, inner in value.items()
                if key not in _DROPPED
            }
        if isinstance(value, (list, tuple)):
            return [self.clean(inner) for inner in value]
        return REMOVED if isinstance(value, str) and _LOOKS_SECRET.search(value) else value

    def text(self, text: str) -> str:
        """Return a text without what looks like a credential."""
        return _LOOKS_SECRET.sub(REMOVED, text)

    def _member(self, name: str, value: object) -> object:
        if value is None or isinstance(value, (bool, int, float)) or value in ("", [], {}):
            return value
        if name in self.sensitive or _ENVIRONMENTS.search(name):
            return Removed()
        cleaned = self.clean(value)
        if cleaned == REMOVED and value != REMOVED:
            return Removed()
        if isinstance(value, str) and self._is_secret(name) and not _ARN.match(value):
            return Removed()
        if isinstance(value, (list, tuple)) and self._is_secret(name) and any(isinstance(one, str) for one in value):
            return Removed()
        return cleaned

    def _is_secret(self, name: str) -> bool:
        return bool(_SAYS_SECRET.search(name)) and not _SAYS_NO_SECRET.search(name) and name not in self.harmless

    def _secret_in_pair(self, value: Mapping[object, object]) -> str:
        for key, of in _PAIRS:
            named = value.get(key)
            if of in value and isinstance(named, str) and _SAYS_SECRET.search(named):
                return of
        return ""
