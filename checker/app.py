"""The whole way from a source to a report: the only place that joins the floors."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator, Sequence
from contextlib import chdir, contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

import checker
from checker.blueprints.files import from_disk
from checker.blueprints.load import load
from checker.collect.as_plan.declared import Declaring
from checker.collect.as_plan.document import Plan, plan_of
from checker.collect.aws.actions import permissions, policy_document
from checker.collect.aws.settings import LiveSettings
from checker.collect.aws.source import collect_live
from checker.collect.catalog import Recognised, recognise
from checker.collect.checkov.planned import run_planned
from checker.collect.checkov.run import Checkov
from checker.collect.checkov.run import run as run_checkov
from checker.collect.join import join
from checker.collect.snapshot.writing import refuse_target, write
from checker.collect.source import Inputs, Progress, Source, silent
from checker.errors import UsageError
from checker.evaluate.baseline import Earlier, as_past, compared, counted
from checker.evaluate.difference import difference
from checker.evaluate.doubts import DISCOVERY, doubt_results
from checker.evaluate.engine import evaluate
from checker.evaluate.exit_codes import CLEAN, NOTHING, UNKNOWN, exit_codes
from checker.evaluate.merging import merged
from checker.evaluate.peers import joined
from checker.evaluate.places import located
from checker.evaluate.selection import find, select
from checker.evaluate.waivers import waived
from checker.graph.graph import Graph
from checker.graph.query.answer import PathAnswer, PathReport, ReachList, Way
from checker.graph.query.question import Question, answer
from checker.graph.stacks import discover
from checker.graph.stand_ins import with_stand_ins
from checker.graph.view import View
from checker.model.blueprint import TIERS, Blueprint
from checker.model.call import Call, DetailCall, Listed
from checker.model.difference import Difference, Side
from checker.model.finding import Severity
from checker.model.peer import PeerRun
from checker.model.record import Collection, Coverage, Gap, Scope, Status
from checker.model.report import Document, Report, RuleView
from checker.model.resource import Resource
from checker.model.waiver import Waiver
from checker.resources.catalog import kinds
from checker.resources.inventory import Inventory, normalise
from checker.resources.kind import Kind
from checker.resources.tier_types import addresses, terraform_types
from checker.rules.catalog import rules
from checker.rules.interface import Rule
from checker.settings.comments import inline_waivers, not_honoured
from checker.settings.reports import is_report, parse_report
from checker.settings.revision import Revision, revision
from checker.settings.settings import Settings, settings_at, settings_of
from checker.settings.waivers import parse_waivers

_NOWHERE = ("", "global")
NO_INPUTS = Inputs()
_FOR_CHECKOV = ("terraform-hcl", "terraform-plan")


@dataclass(frozen=True, kw_only=True)
class Choices:
    """What the user chose to judge by; `blueprint` None is the one that ships with tierproof.

    `today` is the day by which exceptions and waivers end; without it none does. With `base`, blueprint and waivers are
    read as they are at that revision. `baseline` and `since` are earlier reports: what the first knows is neither shown
    nor counted, the second only says what is new. `settings` are the files that choices were written down in.
    """

    blueprint: Path | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    fail_on: Severity = Severity.LOW
    allow_unknown: bool = False
    allow_no_stack: bool = False
    all_stacks: bool = False
    today: date | None = None
    waivers: tuple[Path, ...] = ()
    inline_waivers: bool = False
    base: Revision | None = None
    baseline: Path | None = None
    since: Path | None = None
    settings: tuple[Document, ...] = ()


@dataclass(frozen=True)
class Case:
    """Everything that is settled before the first call is made: the rules, the blueprint and how strict to be."""

    choices: Choices
    rules: tuple[Rule[object], ...]
    blueprint: Blueprint
    documents: tuple[Document, ...]
    notes: tuple[str, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    earlier: Earlier | None = None


def prepare(choices: Choices) -> Case:
    """Return the case to be judged; raises `UsageError` and `ConfigurationError` before anything is read from AWS."""
    every = rules()
    chosen = select(every, choices.select, choices.ignore)
    ids = {rule.id for rule in every} | {DISCOVERY.id}
    read = choices.base.read if choices.base else from_disk
    blueprint, document = load(choices.blueprint, ids, read)
    blueprint, notes = _in_force(blueprint, choices.today)
    files = [read(path, "--waivers takes a YAML file") for path in dict.fromkeys(choices.waivers)]
    documents = (*choices.settings, document, *(file.document("waivers") for file in files))
    waivers = tuple(waiver for file in files for waiver in parse_waivers(file, ids))
    return Case(choices, chosen, blueprint, documents, notes, waivers, _earlier(choices))


def _earlier(choices: Choices) -> Earlier | None:
    """Return the report to compare with, if one is given; raises `UsageError` for two and `ConfigurationError`."""
    if choices.baseline and choices.since:
        raise UsageError("--baseline and --since exclude each other", hint="--baseline hides what is known")
    path = choices.baseline or choices.since
    if path is None:
        return None
    kind = "baseline" if choices.baseline else "since"
    file = from_disk(path, f"--{kind} takes a report: tierproof check PATH --format json=report.json")
    return Earlier(parse_report(file), file.document(kind), hides=choices.baseline is not None)


def settings(config: Path | None, base: str | None, paths: Sequence[Path]) -> tuple[Settings, Revision | None]:
    """Return what a team wrote down, and the revision that it is read from.

    `config` is a file; `base` a revision of the repository that `paths` are in, whose settings nearest to them count.

    Raises:
        UsageError: there is no such revision.
        ConfigurationError: the settings cannot be meant.
    """
    words = [word for rule in rules() for word in (rule.id, rule.name)]
    if base is None:
        return (settings_of(config, words) if config else Settings()), None
    near = Path(os.path.commonpath([path.absolute() for path in paths]))
    at = revision(base, near)
    found = settings_of(config, words, at.read) if config else settings_at(at, near, words)
    return found or Settings(), at


def _in_force(blueprint: Blueprint, today: date | None) -> tuple[Blueprint, tuple[str, ...]]:
    """Return the blueprint without the exceptions whose last day is over, and a note for each of these."""
    over = [item for item in blueprint.allow if today and item.until and date.fromisoformat(item.until) < today]
    if not over:
        return blueprint, ()
    left = tuple(item for item in blueprint.allow if item not in over)
    notes = tuple(
        f'the exception "{item.reason or "without a reason"}" ({item.owner or "without an owner"})'
        f" ended on {item.until}"
        for item in over
    )
    return msgspec.structs.replace(blueprint, allow=left), notes


def audit(settings: LiveSettings, choices: Choices, progress: Progress = silent) -> Report:
    """Return the report of a live account.

    Raises:
        UsageError, ConfigurationError: the choices or the blueprint cannot be meant.
        SourceError: nothing at all could be read.
    """
    case = prepare(choices)
    return judge(collect_live(settings, _asking_for_tags(kinds_for(case.rules), case.blueprint), progress), case)


def collect(
    settings: LiveSettings, folder: Path, *, now: datetime, force: bool = False, progress: Progress = silent
) -> Collection:
    """Write a snapshot of a live account to a folder, dated `now`, and return what was seen.

    Everything is read that any rule could ask for, and not only what today's rules look at in this account.

    Raises:
        UsageError: the folder is no place for a snapshot; nothing was read then.
        SourceError: nothing at all could be read.
    """
    refuse_target(folder, force=force)
    asked = tuple(replace(kind, calls=tuple(map(_always, kind.calls))) for kind in kinds())
    found = replace(collect_live(settings, asked, progress), collected_at=now.isoformat(timespec="seconds"))
    write(found, asked, folder, force=force)
    return found


def _always(call: Call) -> Call:
    """Return a call that is made whether or not today's rules need its answer; IAM's takes megabytes and stays."""
    return call if call.service == "iam" else replace(call, when=None)


def recognised(paths: Sequence[Path], source: str | None = None) -> tuple[Recognised, ...]:
    """Return what each path is; `source` names the source of all of them. Nothing is executed.

    Raises:
        UsageError: there is no such path or source, or several sources claim one.
        SourceError: no source can read one.
    """
    return tuple(recognise(path, source, kinds()) for path in dict.fromkeys(paths))


def read(
    paths: Sequence[Path],
    source: str | None,
    kinds: Sequence[Listed],
    progress: Progress = silent,
    given: Inputs = NO_INPUTS,
) -> Collection:
    """Return what files and folders hold, read as one; `source` names the source instead of looking for it.

    Raises:
        UsageError: there is no such path or source, or several sources claim one.
        SourceError: some path holds nothing that can be read.
    """
    return read_recognised(recognised(paths, source), kinds, progress, given)


def read_recognised(
    inputs: Sequence[Recognised], kinds: Sequence[Listed], progress: Progress = silent, given: Inputs = NO_INPUTS
) -> Collection:
    """Return what recognised paths hold, those of one source read together; raises `SourceError` for nothing."""
    return _read(inputs, kinds, progress, _Opened(given))


def _read(inputs: Sequence[Recognised], kinds: Sequence[Listed], progress: Progress, opened: _Opened) -> Collection:
    return join([source.collect(kinds, progress) for _, source in opened.sources(inputs)])


class _Opened:
    """Sources that were opened, each once: what one runs to read its input is not run again for somebody else."""

    def __init__(self, given: Inputs) -> None:
        self._given = given
        self._sources: dict[tuple[str, tuple[Path, ...]], Source] = {}

    def sources(self, inputs: Sequence[Recognised]) -> Iterator[tuple[tuple[Recognised, ...], Source]]:
        """Yield the source of those inputs that are read together, and these."""
        by_source: dict[str, list[Recognised]] = {}
        for one in inputs:
            by_source.setdefault(one.spec.name, []).append(one)
        for name, some in by_source.items():
            paths = tuple(one.path for one in some)
            if (name, paths) not in self._sources:
                self._sources[name, paths] = some[0].spec.open(paths, self._given)
            yield tuple(some), self._sources[name, paths]


def check(
    inputs: Sequence[Recognised],
    choices: Choices,
    progress: Progress = silent,
    given: Inputs = NO_INPUTS,
    checkov: Checkov | None = None,
) -> Report:
    """Return the report of files and folders, judged as an audit judges an account; `checkov` is asked too.

    Raises:
        UsageError, ConfigurationError: the choices or the blueprint cannot be meant.
        SourceError: some path holds nothing that can be read.
    """
    case = prepare(choices)
    asked = _asking_for_tags(kinds(), case.blueprint)
    opened = _Opened(given)
    with _without_garbage_collection():
        reports = {root: _judged(_read(some, asked, progress, opened), case) for root, some in _worlds(inputs).items()}
    report = merged(reports)
    return _settled(joined(report, _peers(checkov, inputs, opened, progress)) if checkov else report, case)


def _peers(
    checkov: Checkov, inputs: Sequence[Recognised], opened: _Opened, progress: Progress = silent
) -> tuple[PeerRun, ...]:
    """Return what checkov finds in each of the inputs; raises `UsageError` for one that it cannot read.

    What it has no reader for is made a plan of, where its source tells what will stand.
    """
    direct = [one for one in inputs if one.spec.name in _FOR_CHECKOV]
    worlds = _worlds(inputs).values() if len(direct) < len(inputs) else ()
    others = ([one for one in some if one.spec.name not in _FOR_CHECKOV] for some in worlds)
    declaring = [found for some in others for found in opened.sources(some)]
    for some, source in declaring:
        if not isinstance(source, Declaring):
            raise UsageError(f"checkov does not read {some[0].what}", where=f"--with-checkov {some[0].path}")
    runs: list[PeerRun] = []
    every = len(direct) + len(declaring)
    for one in direct:
        progress(f"checkov {one.path}", len(runs), every)
        runs.append(run_checkov(checkov, one.path, os.environ, is_plan=one.spec.name == "terraform-plan"))
    for some, source in declaring:
        progress(f"checkov {some[0].path}", len(runs), every)
        if isinstance(source, Declaring):
            runs.append(run_planned(checkov, plan_of(source.declared(progress)), some[0].path, os.environ))
    return tuple(runs)


@dataclass(frozen=True)
class Exported:
    """An input as a Terraform plan in JSON, and what is not in it.

    `gaps` are what could not be read, `strange` the types without a name in Terraform, once for each resource.
    """

    plan: Plan
    gaps: tuple[Gap, ...]
    strange: tuple[str, ...] = ()

    @property
    def exit_code(self) -> int:
        """Return what the command ends with: 3 for nothing to tell, 4 where something is left out."""
        return NOTHING if not self.plan.instances and not self.gaps else UNKNOWN if self.gaps else CLEAN


def export(one: Recognised, given: Inputs = NO_INPUTS, progress: Progress = silent) -> Exported:
    """Return an input as a Terraform plan.

    Raises:
        UsageError: it is of a source that does not tell what will stand.
        SourceError: nothing at all could be read.
    """
    source = one.spec.open((one.path,), given)
    if not isinstance(source, Declaring):
        hint = "Pulumi programs, previews and states and Terraform configuration can be"
        raise UsageError(f"{one.what} cannot be exported", where=str(one.path), hint=hint)
    declared = source.declared(progress)
    return Exported(plan_of(declared), tuple(dict.fromkeys(declared.gaps)), declared.strange)


def _worlds(inputs: Sequence[Recognised]) -> dict[str, Sequence[Recognised]]:
    """Return the inputs that are judged together, by root: several paths are one world, one path may hold several."""
    if len(inputs) != 1:
        return {"": inputs}
    [one] = inputs
    roots = one.spec.worlds(one.path) or (one.path,)
    if len(roots) == 1:
        return {"": [replace(one, path=roots[0])]}
    return {path.relative_to(one.path).as_posix(): [replace(one, path=path)] for path in roots}


def _asking_for_tags(chosen: tuple[Kind[Resource], ...], blueprint: Blueprint) -> tuple[Kind[Resource], ...]:
    """Return the kinds, with tags read of everything where the blueprint chooses by tag."""
    by_tag = isinstance(blueprint.stack_by, str) and blueprint.stack_by.startswith("tag:")
    if not by_tag and not any(tier.tag for tier in blueprint.tiers.values()):
        return chosen
    return tuple(replace(kind, calls=tuple(_unconditional(call) for call in kind.calls)) for kind in chosen)


def _unconditional(call: Call) -> Call:
    return replace(call, when=None) if isinstance(call, DetailCall) and call.into == "Tags" else call


@contextmanager
def _without_garbage_collection() -> Iterator[None]:
    """Leave the cyclic collector off while judging, which makes many values and next to no cycles.

    It would take a third of the time, and what it would free was measured as nothing; while collecting it is worth it.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def judge(collection: Collection, case: Case) -> Report:
    """Return the report of what a source saw; the same collection and case give an equal report."""
    return _settled(_judged(collection, case), case)


def _judged(collection: Collection, case: Case) -> Report:
    """Return the verdicts on what a source saw, its exit code not settled."""
    # What collecting left behind goes first, then nothing is looked for until the verdicts are there.
    gc.collect()
    with _without_garbage_collection():
        inventory, unread = normalise(collection, kinds())
        scopes = frozenset(record.scope for record in collection.records)
        # The raw records have been read; nothing later may look at them, and they are most of the memory.
        collection = replace(collection, records=())
        report = _report(inventory, collection, unread, scopes, case)
        # Nor are the resources needed any more: the collector, once on again, would look through all of them.
        del inventory
        return report


def _report(
    inventory: Inventory,
    collection: Collection,
    unread: tuple[Coverage, ...],
    scopes: frozenset[Scope],
    case: Case,
) -> Report:
    blueprint = case.blueprint
    stood_in = with_stand_ins(inventory, blueprint)
    graph = Graph(stood_in.inventory)
    found = discover(graph, blueprint, case.choices.all_stacks)
    views = [View(stack, graph, blueprint) for stack in found.stacks]
    results, crashes = evaluate(views, case.rules, blueprint)
    results = tuple(map(stood_in.honest, results))
    results = tuple(sorted((*results, *doubt_results(found.doubts, blueprint)), key=lambda result: result.key))
    results = located(results, inventory.resources)
    coverage = tuple(sorted((*collection.coverage, *unread), key=_ledger_order))
    return Report(
        version=checker.__version__,
        source=collection.source,
        accounts=_values(scopes, coverage, "account"),
        regions=_values(scopes, coverage, "region"),
        paths=collection.paths,
        stacks=(*(stack.view() for stack in found.stacks), *found.candidates),
        rules=tuple(sorted((*map(rule_view, case.rules), _discovery()), key=lambda rule: rule.id)),
        results=results,
        coverage=coverage,
        documents=case.documents,
        crashes=crashes,
        collected_at=collection.collected_at,
        notes=(*case.notes, *_notes(collection), *stood_in.notes),
        facts={**collection.facts, **_silenced(blueprint)},
        comments=collection.comments,
        addresses=addresses(inventory),
    )


def _settled(report: Report, case: Case) -> Report:
    """Return a report with what was accepted and what was known, and what the command ends with."""
    ids = {rule.id for rule in rules()} | {DISCOVERY.id}
    honoured = inline_waivers(report.comments, ids) if case.choices.inline_waivers else None
    inline, remarks = honoured or ((), not_honoured(report.comments))
    report = replace(report, notes=(*report.notes, *remarks))
    report = waived(report, (*case.waivers, *inline), case.choices.today)
    if case.earlier:
        report = compared(report, case.earlier)
    codes = exit_codes(
        # What another tool found does not make a stack judged.
        [result for result in report.results if result.rule in ids],
        deciding=counted(report),
        stacks=sum(stack.judged for stack in report.stacks),
        fail_on=case.choices.fail_on,
        allow_unknown=case.choices.allow_unknown,
        allow_no_stack=case.choices.allow_no_stack,
    )
    return replace(report, exit_codes=codes)


def diff(
    old: Path,
    new: Path,
    choices: Choices,
    source: str | None = None,
    progress: Progress = silent,
    given: Inputs = NO_INPUTS,
) -> Difference:
    """Return what is different between two written reports, or inputs that are judged for it; `source` is theirs.

    Raises:
        UsageError, ConfigurationError: the choices cannot be meant, or a report cannot be read.
        SourceError: some path holds nothing that can be read.
    """
    before, after = (_side(path, choices, source, progress, given) for path in (old, new))
    return difference(
        checker.__version__,
        before,
        after,
        fail_on=choices.fail_on,
        allow_unknown=choices.allow_unknown,
        allow_no_stack=choices.allow_no_stack,
    )


def is_written(path: Path, source: str | None = None) -> bool:
    """Tell whether a path is taken for a written report, and not for an input of the named source."""
    return source is None and path.is_file() and is_report(path)


def _side(path: Path, choices: Choices, source: str | None, progress: Progress, given: Inputs) -> Side:
    if is_written(path, source):
        file = from_disk(path)
        return Side(str(path), "report", parse_report(file), file.document("report").sha256)
    inputs = recognised([path], source)
    return Side(str(path), inputs[0].what, as_past(check(inputs, choices, progress, given)))


def demonstrate(progress: Progress = silent) -> Report:
    """Return the report of two shops in an AWS inside this process: one as documented, one with six faults.

    Nothing leaves the process and no credentials are read.
    """
    # The emulated AWS takes seconds to import, and only the demonstration needs it.
    from checker.demo import changes, faults, shop
    from checker.demo.account import session_in
    from checker.demo.emulator.embedded import embedded

    case = prepare(Choices())
    with embedded(DEMO_REGION) as aws:
        session = session_in(DEMO_REGION)
        progress("building shop-good", 0, 3)
        shop.build(session, "shop-good")
        progress("building shop-bad", 1, 3)
        ids = shop.build(session, "shop-bad")
        changes.apply(session, ids, faults.CHANGES)
        aws.faults = [faults.DENIED]
        progress("auditing", 2, 3)
        return judge(collect_live(LiveSettings(regions=(DEMO_REGION,)), kinds(), silent), case)


DEMO_REGION = "us-east-1"


@dataclass(frozen=True)
class PullRequest:
    """A commit, told by its title and patch, and the reports of the configuration before and after it."""

    title: str
    patch: str
    before: Report
    after: Report


def demonstrate_pull_request(progress: Progress = silent) -> PullRequest:
    """Return the documented shop as a Terraform configuration, judged before and after one bad commit."""
    from checker.demo import pull_request

    with TemporaryDirectory() as folder, chdir(folder):
        shop = Path("shop")
        pull_request.write(shop)
        progress("judging main", 0, 2)
        before = check(recognised([shop]), Choices())
        patch = pull_request.commit(shop)
        progress("judging the pull request", 1, 2)
        after = check(recognised([shop]), Choices())
    return PullRequest(pull_request.TITLE, patch, before, after)


def policy(select_: tuple[str, ...] = (), ignore: tuple[str, ...] = ()) -> dict[str, object]:
    """Return the IAM policy that an audit by the chosen rules needs; raises `UsageError` for an unknown one."""
    return policy_document(permissions(kinds_for(select(rules(), select_, ignore))))


def kinds_for(chosen: Sequence[Rule[object]]) -> tuple[Kind[Resource], ...]:
    """Return the kinds that some rules need: all but those that are read for the sake of others alone."""
    unasked = {kind for rule in rules() if rule not in chosen for kind in rule.own}
    return tuple(kind for kind in kinds() if kind.type not in unasked)


def rule_views(select_: tuple[str, ...] = (), ignore: tuple[str, ...] = ()) -> tuple[RuleView, ...]:
    """Return the chosen rules as a report names them; raises `UsageError` for an unknown one."""
    return tuple(rule_view(rule) for rule in select(rules(), select_, ignore))


def rule_page(word: str) -> tuple[RuleView, str]:
    """Return a rule and its manual page by id or name; raises `UsageError` with the closest ones."""
    rule = find(rules(), word)
    return rule_view(rule), rule.page


def rule_view(rule: Rule[object]) -> RuleView:
    """Return a rule as a report names it, with the first reference of its page."""
    links = [line.strip() for line in rule.page.splitlines() if line.strip().startswith("https://")]
    url = links[0] if links else ""
    types = terraform_types(*rule.tiers)
    return RuleView(rule.id, rule.name, rule.title, rule.severity, url, rule.controls, rule.page, types)


def _discovery() -> RuleView:
    """Return the discovery of stacks as a rule: it says why something that could be in a tier was not judged."""
    return replace(DISCOVERY, terraform_types=terraform_types(*TIERS))


def ask(
    question: Question, where: LiveSettings | Sequence[Path], blueprint: Path | None, progress: Progress = silent
) -> PathReport:
    """Return the answer to a question about paths in a live account, or in what files and folders hold.

    Raises:
        UsageError, ConfigurationError: the ends or the blueprint cannot be meant, or there is no such path.
        SourceError: nothing at all could be read.
    """
    architecture, _ = load(blueprint, {rule.id for rule in rules()} | {DISCOVERY.id})
    if isinstance(where, LiveSettings):
        return answer_in(collect_live(where, kinds(), progress), question, architecture)
    return answer_in(read(where, None, kinds(), progress), question, architecture)


def answer_in(collection: Collection, question: Question, architecture: Blueprint) -> PathReport:
    """Return the answer to a question about paths in what a source saw; its stacks are those of the blueprint."""
    with _without_garbage_collection():
        inventory, unread = normalise(collection, kinds())
        graph = Graph(inventory)
        found = answer(question, graph, discover(graph, architecture, all_stacks=True).stacks)
    if (assumed := collection.facts.get("assumed")) and _is_of_internet(found):
        found = replace(found, remarks=(*found.remarks, assumed))
    coverage = tuple(sorted((*collection.coverage, *unread), key=_ledger_order))
    scopes = frozenset(record.scope for record in collection.records)
    return PathReport(
        version=checker.__version__,
        source=collection.source,
        accounts=_values(scopes, coverage, "account"),
        regions=_values(scopes, coverage, "region"),
        paths=collection.paths,
        collected_at=collection.collected_at,
        answer=found,
        coverage=coverage,
    )


def _is_of_internet(found: PathAnswer | ReachList) -> bool:
    """Tell whether an answer could rest on what the internet gateways let through."""
    return isinstance(found, ReachList) or any(route.way is Way.INTERNET for route in found.routes)


def _notes(collection: Collection) -> tuple[str, ...]:
    """Return what a reader of the report must know of its input."""
    unread, assumed = collection.facts.get("not_read"), collection.facts.get("assumed")
    return (*((f"not read, see the ledger: {unread}",) if unread else ()), *((assumed,) if assumed else ()))


def _values(recorded: frozenset[Scope], coverage: tuple[Coverage, ...], part: str) -> tuple[str, ...]:
    """Return the accounts or Regions that were looked at; one that is not opted in was not."""
    scopes = recorded | {line.scope for line in coverage if line.status is not Status.NOT_OPTED_IN}
    found = {scope.account if part == "account" else scope.region for scope in scopes}
    return tuple(sorted(found - set(_NOWHERE)))


def _silenced(blueprint: Blueprint) -> dict[str, str]:
    """Return, for the text report, the rules whose UNKNOWN is to be left out."""
    rules_ = sorted(rule for rule, wish in blueprint.on_unknown.items() if wish == "ignore")
    return {"on_unknown.ignore": ",".join(rules_)} if rules_ else {}


def _ledger_order(line: Coverage) -> tuple[str, str, str, str, str]:
    return line.scope.account, line.scope.region, line.item, line.status.value, line.error or ""
