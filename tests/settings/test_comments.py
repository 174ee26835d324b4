"""Inline waivers: what a comment may say, and what is told of one that makes no sense."""

from datetime import date

import pytest

from checker.model.record import Comment
from checker.model.waiver import Block, Waiver
from checker.settings.comments import inline_waivers, not_honoured

RULES = {"NET005", "DAT002"}


def comment(text: str) -> Comment:
    return Comment("data.tf", 12, 20, text)


def test_good_one() -> None:
    found, notes = inline_waivers(
        [comment('# tierproof:waive NET005 until=2027-01-31 reason="it \\"moves\\" soon" owner=data')], RULES
    )

    assert notes == ()
    assert found == (
        Waiver(
            "NET005",
            "the block at data.tf:12",
            'it "moves" soon',
            "data",
            date(2027, 1, 31),
            "data.tf:12",
            None,
            Block("data.tf", 12, 20),
        ),
    )


def test_several_rules_and_no_owner() -> None:
    found, notes = inline_waivers([comment("// tierproof:waive NET005,DAT002 until=2027-01-31 reason=moves")], RULES)

    assert notes == ()
    assert [(one.rule, one.owner) for one in found] == [("NET005", ""), ("DAT002", "")]


def test_comment_of_several_lines() -> None:
    text = "/* the office\n   tierproof:waive NET005 until=2027-01-31 reason=office */"

    found, notes = inline_waivers([comment(text)], RULES)

    assert (notes, [one.place for one in found]) == ((), ["data.tf:13"])


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("# tierproof:waive", "it names no rule"),
        ("# tierproof:waive until=2027-01-31 reason=x", "it names no rule"),
        ("# tierproof:waive NET999 until=2027-01-31 reason=x", "there is no rule 'NET999'"),
        ("# tierproof:waive NET005 reason=x", "until is missing"),
        ("# tierproof:waive NET005 until=2027-01-31", "reason is missing"),
        ('# tierproof:waive NET005 until=2027-01-31 reason=""', "reason is missing"),
        ("# tierproof:waive NET005 until=soon reason=x", "'soon' is no date"),
        ("# tierproof:waive NET005 until=2027-01-31 reason=x because", "'because' is not understood"),
        ('# tierproof:waive NET005 until=2027-01-31 reason="x', "is not understood"),
        ("# tierproof:waive NET005 until=2027-01-31 reason=x team=y", "'team' is no key"),
        ("# tierproof:waive NET005 until=2027-01-31 until=2028-01-31 reason=x", "'until' is given twice"),
    ],
)
def test_one_that_makes_no_sense_is_told_with_its_line(text: str, what: str) -> None:
    found, (note,) = inline_waivers([comment(text)], RULES)

    assert found == ()
    assert note.startswith("data.tf:12: the waiver is not honoured: ")
    assert what in note


def test_comment_inside_of_its_block_is_told_by_its_own_line() -> None:
    inside = Comment("data.tf", 12, 20, "# tierproof:waive NET005 until=soon reason=x", 15)
    good = Comment("data.tf", 12, 20, "# tierproof:waive NET005 until=2027-01-31 reason=x", 16)

    (found,), (note,) = inline_waivers([good, inside], RULES)

    assert note.startswith("data.tf:15: ")
    assert (found.place, found.block) == ("data.tf:16", Block("data.tf", 12, 20))


def test_without_the_option_their_number_is_told() -> None:
    assert not_honoured([comment("# tierproof:waive NET005"), comment("# just a word")]) == (
        "1 inline waiver was not honoured (data.tf:12): --inline-waivers honours them",
    )
    assert not_honoured([comment("# just a word")]) == ()
