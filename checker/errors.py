"""Errors that callers are meant to catch: what failed, where, and what to try."""


class CheckerError(Exception):
    """A failure with a place and a remedy; `exit_code` is the documented one of the command line."""

    exit_code = 2

    def __init__(self, what: str, *, where: str = "", hint: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.hint = hint

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        remedy = f" ({self.hint})" if self.hint else ""
        return f"{place}{self.what}{remedy}"


class UsageError(CheckerError):
    """The command was called with something that cannot be meant."""


class ConfigurationError(CheckerError):
    """A blueprint or settings file does not say what it must."""


class SourceError(CheckerError):
    """Nothing at all could be read from a source."""

    exit_code = 3
