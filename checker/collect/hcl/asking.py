"""What a data source tells those who know what it finds."""

from __future__ import annotations

from typing import Protocol

from checker.collect.hcl.values import Value


class Asking(Protocol):
    """One instance of a data source, whoever wrote it down."""

    @property
    def address(self) -> str:
        """Return what it is called."""

    @property
    def region(self) -> str:
        """Return the Region that it looks in, empty where that is not known."""

    @property
    def provider_alias(self) -> str:
        """Return the name of its provider where that is not the default one, else an empty text."""

    def given(self, name: str) -> Value:
        """Return what an argument was set to, None for nothing."""
