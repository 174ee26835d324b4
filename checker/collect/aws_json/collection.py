"""One collection from files: every declared call answered from them, and what was left over."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from checker.collect.aws.actions import action_name
from checker.collect.aws.calls import Answer
from checker.collect.aws.ledger import Ledger
from checker.collect.aws.plan import Request, Step, Steps, one_by_one, parent_id, requests
from checker.collect.aws.session import operation_names
from checker.collect.aws_json.absent import TAKEN_AS_OFF, nothing_there
from checker.collect.aws_json.answers import Answers, parents_asked
from checker.collect.aws_json.files import Found, decode_all, find
from checker.collect.aws_json.keys import Keys, name_of
from checker.collect.aws_json.listings import GLOBAL, Listings
from checker.collect.aws_json.pages import Page, Pages, Unread, take_apart
from checker.collect.aws_json.places import told_by_folders
from checker.collect.aws_json.propagation import PROPAGATIONS
from checker.collect.duplicates import conflict_lines, conflicts
from checker.collect.source import Progress
from checker.errors import SourceError
from checker.model.call import Call, DetailCall, ListCall, Listed, Raw
from checker.model.part import Part
from checker.model.record import Collection, Coverage, Gap, Origin, Scope, Status

SOURCE_NAME = "aws-json"


def collect(paths: Sequence[Path], kinds: Sequence[Listed], progress: Progress) -> Collection:
    """Return what `checker.collect.aws_json.source.AwsJsonSource.collect` says, and raise what it raises."""
    keys = Keys.of([*kinds, _Auxiliary()])
    files = list(dict.fromkeys(file for path in paths for file in find(path)))
    wanted = [file for file in files if file.is_json or file.path in paths]
    pages = Pages()
    for done, (file, values) in enumerate(decode_all(wanted)):
        progress(str(file.path), done, len(wanted))
        take_apart(file, values, keys, pages)
    if not pages.found:
        raise _nothing(paths, wanted, pages)
    listings = Listings(pages.found, keys.calls)
    answers = Answers(pages.found, listings, keys.calls)
    ledgers = [_ledger(account, kinds, answers, listings) for account in listings.accounts]
    unread = [
        *pages.unread,
        *(Unread(page.file, page.key, _UNUSED) for page in pages.found if _is_left_over(page, keys, answers)),
        *(Unread(file, "", "not read: its name does not end with .json") for file in files if file not in wanted),
    ]
    records = tuple(record for ledger in ledgers for record in ledger.records())
    doubled = conflicts(records)
    gaps = [gap for ledger in ledgers for gap in ledger.gaps()]
    lines = [
        *(line for ledger in ledgers for line in ledger.coverage()),
        *_lines(unread, listings),
        *conflict_lines(SOURCE_NAME, doubled),
    ]
    return Collection(
        source=SOURCE_NAME,
        records=records,
        gaps=tuple(sorted(dict.fromkeys(gaps), key=_gap_order)),
        coverage=tuple(sorted(dict.fromkeys(lines), key=_line_order)),
        paths=tuple(map(str, paths)),
        facts={**_facts(unread), **_assumed(lines)},
    )


def _is_left_over(page: Page, keys: Keys, answers: Answers) -> bool:
    """Tell whether nothing was made of a page that should have been; what only repeats others is not asked for."""
    if (page.file, page.key) in answers.used:
        return False
    calls = [call for call in keys.calls if name_of(call) in page.calls]
    return not all(isinstance(call, ListCall) and call.each for call in calls) or not page.parents


_UNUSED = "not read: other files tell the same, or it does not say of which resource it is, or that is in no file"


@dataclass(frozen=True)
class _Auxiliary:
    """Answers that no kind reads, and that others are composed of."""

    calls: tuple[Call, ...] = (PROPAGATIONS,)
    parts: tuple[Part, ...] = ()
    open_ended: frozenset[str] = frozenset()
    spellings: Mapping[tuple[str, str], object] = field(default_factory=dict)


def _ledger(account: str, kinds: Sequence[Listed], answers: Answers, listings: Listings) -> Ledger:
    steps = Steps(kinds, account, listings.regions(account), GLOBAL)
    calls = [step.call for step in steps.all]
    names = operation_names({call.service for call in calls})
    for step in steps.in_turn():
        step.action = action_name(step.call, names[step.call.service])
        step.requests, step.answers = [], []
        asked = [one for request in requests(steps, step) for one in _one_by_one(step, request)]
        for request, is_asked, parents in _possible(steps, step, asked, answers):
            answer = answers.give(step, request, parents)
            if answer.refusal and answer.refusal.code == "NoFile":
                if not is_asked:
                    continue
                if why := nothing_there(step.call, step.scope, listings, calls):
                    answer = Answer([], replace(answer.refusal, text=f"{answer.refusal.text}: {why}"), unknown=True)
            step.requests.append(request)
            step.answers.append(answer)
    return Ledger(steps, SOURCE_NAME, _origin(listings))


def _possible(
    steps: Steps, step: Step, asked: Sequence[Request], answers: Answers
) -> Iterator[tuple[Request, bool, tuple[str, ...]]]:
    """Yield each request, whether the live source would make it, and all parents: what is there anyway is read too."""
    call = step.call
    own = {parent for request in asked for parent in request.parents}
    whole = _whole(steps, step)
    if call.when is None or not answers.has(call, step.scope):
        parents = parents_asked(asked, call)
        yield from ((request, True, parents) for request in asked if not whole & set(request.parents))
        return
    free: ListCall | DetailCall = replace(call, when=None)
    all_ = [one for request in requests(steps, replace(step, call=free)) for one in _one_by_one(step, request)]
    parents = parents_asked(all_, call)
    for request in all_:
        if not whole & set(request.parents):
            is_asked = bool(own & set(request.parents)) if isinstance(call, DetailCall) else bool(asked)
            yield request, is_asked, parents


def _whole(steps: Steps, step: Step) -> set[str]:
    """Return the ids of listed records that hold the detail themselves, as files put together by hand do."""
    call = step.call
    if not isinstance(call, DetailCall):
        return set()
    return {parent_id(call, raw) for raw in steps.own(call.of, step.scope) if call.into in raw}


def _one_by_one(step: Step, request: Request) -> list[Request]:
    call = step.call
    return one_by_one(call, request) if isinstance(call, DetailCall) and len(request.parents) > 1 else [request]


def _origin(listings: Listings) -> Callable[[Raw], Origin]:
    def origin(raw: Raw) -> Origin:
        found = listings.origins.get(id(raw))
        return Origin(SOURCE_NAME, file=str(found.path) if found else None)

    return origin


def _nothing(paths: Sequence[Path], files: Sequence[Found], pages: Pages) -> SourceError:
    where = ", ".join(map(str, paths))
    looked = (
        "looked for JSON files with the top-level keys of AWS CLI output, such as Vpcs, SecurityGroups, RouteTables"
    )
    if not files:
        return SourceError("there is no JSON file", where=where, hint=looked)
    reasons = "; ".join(dict.fromkeys(f"{unread.file.path}: {unread.key} {unread.why}" for unread in pages.unread[:5]))
    return SourceError(f"no file holds anything that is read ({reasons})", where=where, hint=looked)


def _lines(unread: Sequence[Unread], listings: Listings) -> Iterator[Coverage]:
    home = listings.accounts[0] if len(listings.accounts) == 1 else ""
    for part in unread:
        account, region = told_by_folders(part.file.parts)
        scope = Scope(account or home, region or "")
        item = f"{part.key} in {part.file.path}" if part.key else str(part.file.path)
        yield Coverage(SOURCE_NAME, scope, item, Status.UNREADABLE, 0, part.why)


def _facts(unread: Sequence[Unread]) -> dict[str, str]:
    parts = dict.fromkeys(
        f"{part.key} in {part.file.path.name}" if part.key else part.file.path.name for part in unread
    )
    return {"not_read": ", ".join(parts)} if parts else {}


def _assumed(lines: Sequence[Coverage]) -> dict[str, str]:
    """Return what was taken for granted where no file tells it, for those who read the report."""
    scopes = sorted({str(line.scope) for line in lines if line.error and line.error.endswith(TAKEN_AS_OFF)})
    text = f"VPC block public access of {', '.join(scopes)} is in no file: {TAKEN_AS_OFF}"
    return {"assumed": text} if scopes else {}


def _line_order(line: Coverage) -> tuple[Scope, str, str, str]:
    return line.scope, line.item, line.status.value, line.error or ""


def _gap_order(gap: Gap) -> tuple[Scope, str, str, str, str]:
    return gap.scope, gap.type, gap.item, gap.parent or "", gap.error
