"""Answers in other forms than the one that the kinds read: what they tell of it, and what they lack."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from checker.collect.aws.refusal import Refusal
from checker.collect.aws_json.keys import heads, spelled
from checker.collect.aws_json.pages import Page
from checker.model.call import Call, DetailCall, ListCall, Raw
from checker.model.record import Status


def as_asked(call: ListCall, item: object) -> object:
    """Return an item as the declared call would list it.

    `describe-prefix-lists` gives the blocks of AWS's own lists with the lists; AWS owns each of them.
    Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribePrefixLists.html
    """
    cidrs = item.get("Cidrs") if isinstance(item, Mapping) and call.type == "PrefixList" else None
    if not isinstance(item, Mapping) or not isinstance(cidrs, list) or "Entries" in item:
        return item
    family = "IPv6" if cidrs and all(":" in str(cidr) for cidr in cidrs) else "IPv4"
    entries = [{"Cidr": cidr} for cidr in cidrs]
    rest = {key: value for key, value in item.items() if key != "Cidrs"}
    return {"OwnerId": "AWS", "AddressFamily": family, **rest, "Entries": entries}


def shortcoming(call: ListCall, items: Sequence[object]) -> Refusal | None:
    """Return why a listing is not all that the declared call would list, if it is not."""
    if call.type != "PrefixList" or not items:
        return None
    # What only `describe-managed-prefix-lists` tells, which lists the customer's own too.
    if any(isinstance(item, Mapping) and ("State" in item or "PrefixListArn" in item) for item in items):
        return None
    text = "describe-prefix-lists tells of AWS's own lists only"
    return Refusal(Status.UNREADABLE, "OthersOnly", text, supply=f"add the output of `{spelled(call)}` to the folder")


def by_parent(call: Call, page: Page, parents: Sequence[str]) -> Mapping[str, Page]:
    """Return, for each parent that the things of a page name, the page with those alone."""
    if not isinstance(call, DetailCall):
        return {}
    head = heads(call.result)[0]
    value = page.values.get(head)
    found: dict[str, list[Raw]] = defaultdict(list)
    known = set(parents)
    for item in value if isinstance(value, list) else (value,):
        if isinstance(item, Mapping) and (named := next((id for id in _named(call, item) if id in known), None)):
            found[named].append(item)
    pieces = {}
    for parent, items in found.items():
        own: object = items if isinstance(value, list) else items[0]
        pieces[parent] = replace(page, values={**page.values, head: own}, parents=(parent,))
    return pieces


def is_in_pieces(call: DetailCall, pages: Sequence[Page]) -> bool:
    """Tell whether several pages about one parent can be parts of one answer."""
    head = heads(call.result)[0]
    whole = [page.values.get(head) for page in pages]
    return any(page.is_cut for page in pages) or all(
        isinstance(value, list)
        and value
        and all(isinstance(item, Mapping) and any(_named(call, item)) for item in value)
        for value in whole
    )


def _named(call: DetailCall, item: Raw) -> Iterator[str]:
    for key in dict.fromkeys((call.argument, call.match, call.identity)):
        value = item.get(key)
        if isinstance(value, str):
            yield value
    # The ARN of a rule is that of its listener, and one part more.
    # Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awselasticloadbalancingv2.html
    rule = item.get("RuleArn")
    if call.argument == "ListenerArn" and isinstance(rule, str) and ":listener-rule/" in rule:
        yield rule.replace(":listener-rule/", ":listener/").rpartition("/")[0]
