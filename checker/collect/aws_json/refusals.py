"""Why files give no answer, or not all of one, and what to add to them."""

from collections.abc import Iterable

from checker.collect.aws.refusal import Refusal
from checker.collect.aws_json.files import Found
from checker.collect.aws_json.keys import heads, spelled
from checker.model.call import Call
from checker.model.record import Status


def missing(call: Call, parent: str = "") -> Refusal:
    """Return the refusal that means that no file answers a call (about a parent)."""
    about = f" of {parent}" if parent else ""
    head = heads(call.result)[0]
    command = spelled(call)
    return Refusal(
        Status.UNREADABLE,
        "NoFile",
        f"no file holds {head}{about}",
        supply=f"add the output of `{command}`{about} to the folder",
    )


def cut(call: Call, files: Iterable[Found]) -> Refusal:
    """Return the refusal that means that files end before the last page."""
    command = spelled(call)
    text = f"{names_of(files)} ends before the last page"
    return Refusal(Status.UNREADABLE, "CutShort", text, supply=f"save all pages of `{command}`")


def placeless(call: Call, file: Found) -> Refusal:
    """Return the refusal that means that a file holds things that may be in any of several Regions."""
    text = f"{file.path} does not say in which Region its things are"
    hint = f"put the output of `{spelled(call)}` of each Region into a folder called after it"
    return Refusal(Status.UNREADABLE, "Placeless", text, supply=hint)


def unreadable(call: Call, text: str) -> Refusal:
    """Return the refusal that means that files tell one thing differently."""
    return Refusal(Status.UNREADABLE, "Differs", text, supply="leave only one of the files")


def names_of(files: Iterable[Found]) -> str:
    """Return the paths of files as one text."""
    return " and ".join(dict.fromkeys(str(file.path) for file in files))
