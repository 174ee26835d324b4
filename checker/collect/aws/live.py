"""One live collection, from the first call to the ledger; imported only when one starts: botocore is slow to import."""

from collections.abc import Iterator, Sequence

from checker.collect.aws.actions import LIST_REGIONS
from checker.collect.aws.caller import Caller, identify, listed_regions, nothing_read, usable_session
from checker.collect.aws.ledger import SOURCE_NAME, Ledger
from checker.collect.aws.plan import GLOBAL, Steps
from checker.collect.aws.run import Run
from checker.collect.aws.session import Clients
from checker.collect.aws.settings import LiveSettings
from checker.collect.source import Progress
from checker.model.call import Listed
from checker.model.record import Collection, Coverage, Gap, Scope, Status


def collect(settings: LiveSettings, kinds: Sequence[Listed], progress: Progress) -> Collection:
    """Return what `checker.collect.aws.source.collect_live` says, and raise what it raises."""
    session = usable_session(settings)
    clients = Clients(settings, session)
    try:
        caller = identify(settings, session, clients)
        regions, closed = _regions(settings, clients, caller)
        steps = Steps(kinds, caller.account, regions, caller.home)
        Run(steps, clients, settings.workers, progress).finish()
    finally:
        clients.close()
    ledger = Ledger(steps)
    lines = (*_first_calls(settings, caller, len(regions), closed), *ledger.coverage())
    if ledger.refusals and not ledger.was_anything_read:
        raise nothing_read(ledger.refusals, f"aws {caller.account} {', '.join(regions)}")
    return Collection(
        source=SOURCE_NAME,
        records=tuple(ledger.records()),
        gaps=tuple(sorted(dict.fromkeys(ledger.gaps()), key=_gap_order)),
        coverage=tuple(sorted(lines, key=_line_order)),
    )


def _regions(settings: LiveSettings, clients: Clients, caller: Caller) -> tuple[tuple[str, ...], tuple[str, ...]]:
    if settings.all_regions:
        return listed_regions(clients, caller.home)
    return tuple(dict.fromkeys(settings.regions)) or (caller.home,), ()


def _first_calls(settings: LiveSettings, caller: Caller, regions: int, closed: Sequence[str]) -> Iterator[Coverage]:
    scope, who = Scope(caller.account, GLOBAL), "sts:GetCallerIdentity"
    if caller.refusal:
        yield Coverage(SOURCE_NAME, scope, who, caller.refusal.status, 0, caller.refusal.text)
    else:
        yield Coverage(SOURCE_NAME, scope, who, Status.OK, 1)
    if settings.all_regions:
        yield Coverage(SOURCE_NAME, scope, LIST_REGIONS, Status.OK, regions + len(closed))
    for region in closed:
        error = "the account has not opted in to the Region"
        yield Coverage(SOURCE_NAME, Scope(caller.account, region), LIST_REGIONS, Status.NOT_OPTED_IN, 0, error)


def _line_order(line: Coverage) -> tuple[Scope, str, str, str]:
    return line.scope, line.item, line.status.value, line.error or ""


def _gap_order(gap: Gap) -> tuple[Scope, str, str, str, str]:
    return gap.scope, gap.type, gap.item, gap.parent or "", gap.error
