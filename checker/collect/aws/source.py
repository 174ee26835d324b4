"""The live collection: who is asked, where, and what comes of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from checker.collect.aws.settings import LiveSettings
from checker.collect.source import Progress, silent
from checker.model.call import Listed
from checker.model.record import Collection


@dataclass(frozen=True)
class LiveSource:
    """A live account, seen with boto3's own credentials or a role."""

    settings: LiveSettings = field(default_factory=LiveSettings)

    def collect(self, kinds: Sequence[Listed], progress: Progress = silent) -> Collection:
        """Return all that could be read of `kinds`.

        Raises:
            SourceError: nothing at all could be read.
        """
        return collect_live(self.settings, kinds, progress)


def collect_live(settings: LiveSettings, kinds: Sequence[Listed], progress: Progress = silent) -> Collection:
    """Return records, gaps and ledger of the account, in the same order each time; `progress` gets (what, done, known).

    Raises:
        SourceError: nothing at all could be read: no credentials, no such Region, nobody there, nothing allowed.
    """
    from checker.collect.aws.live import collect  # importing botocore takes a quarter of a second

    return collect(settings, kinds, progress)
