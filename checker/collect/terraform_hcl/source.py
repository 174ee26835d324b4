"""The source of Terraform configurations, and how a path is recognised as one."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from checker.collect.as_plan.declared import Declared
from checker.collect.source import Inputs, Progress, silent
from checker.collect.terraform.types import GLOBAL, is_global
from checker.errors import SourceError
from checker.model.call import Listed
from checker.model.record import ANYTHING, Collection, Gap

NAME = "terraform-hcl"


@dataclass(frozen=True)
class TerraformSource:
    """Root modules that are read as one."""

    paths: tuple[Path, ...]
    inputs: Inputs

    def collect(self, kinds: Sequence[Listed], progress: Progress = silent) -> Collection:
        """Return all that the configurations say will stand.

        Raises:
            SourceError: there is no configuration.
            ConfigurationError: a file of values that was given cannot be read.
        """
        from checker.collect.hcl.workspace import expand
        from checker.collect.terraform.records import records

        found = self._roots()
        expanded = expand(found, self.inputs, NAME, progress)
        read, gaps = records(expanded.instances, kinds, expanded.gaps)
        return Collection(
            source=NAME,
            records=tuple(read),
            gaps=(*_narrowed(expanded.gaps, kinds), *gaps),
            coverage=expanded.coverage,
            paths=tuple(map(str, found)),
            facts={"assumed": "; ".join(expanded.assumed)} if expanded.assumed else {},
            comments=expanded.comments,
        )

    def declared(self, progress: Progress) -> Declared:
        """Return the instances that the configurations come to; raises as `collect` does."""
        from checker.collect.hcl.workspace import expand

        found = expand(self._roots(), self.inputs, NAME, progress)
        return Declared(instances=found.instances, gaps=found.gaps, coverage=found.coverage)

    def _roots(self) -> tuple[Path, ...]:
        from checker.collect.hcl.configuration import is_configuration_file

        found = tuple(dict.fromkeys(root for path in self.paths for root in worlds(path)))
        strange = [path for path in self.paths if path.is_file() and not is_configuration_file(path.name)]
        if strange or not found:
            where = ", ".join(map(str, strange or self.paths))
            raise SourceError("there is no Terraform configuration", where=where, hint="name a folder with .tf files")
        return found


def _narrowed(gaps: Iterable[Gap], kinds: Sequence[Listed]) -> Iterator[Gap]:
    """Yield the gaps; what may hide anything hides, where no Region is, only what lives in no Region."""
    types = {type_ for kind in kinds for dialect, type_ in kind.spellings if dialect == "terraform"}
    for gap in gaps:
        if gap.type == ANYTHING and gap.scope.region == GLOBAL:
            yield from (replace(gap, type=type_) for type_ in sorted(types) if is_global(type_))
        else:
            yield gap


def source_of(paths: Sequence[Path], inputs: Inputs) -> TerraformSource:
    """Return the source of some paths; nothing is read yet."""
    return TerraformSource(tuple(paths), inputs)


def worlds(path: Path) -> tuple[Path, ...]:
    """Return the root modules inside a path."""
    from checker.collect.hcl.roots import roots

    return roots(path)


def recognise(path: Path, kinds: Sequence[Listed]) -> str | None:
    """Return what a path is if configuration files stand in it; a link to nothing is none."""
    from checker.collect.hcl.configuration import is_configuration_file
    from checker.collect.hcl.roots import configuration_folders

    if path.is_file():
        return "a file of Terraform configuration" if is_configuration_file(path.name) else None
    if next(iter(configuration_folders(path)), None) is None:
        return None
    found = worlds(path)
    if len(found) > 1:
        return f"Terraform configuration, {len(found)} root modules"
    files = _files(found)
    where = "root module" if found[0] == path else f"root module {found[0]}"
    return f"Terraform configuration ({files} {'file' if files == 1 else 'files'}, {where})"


def _files(folders: Iterable[Path]) -> int:
    from checker.collect.hcl.configuration import configuration_files

    return sum(len(configuration_files(folder)) for folder in folders)
