"""Paging as AWS does it, for the services whose listings moto hands over whole."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import botocore.loaders
from botocore.exceptions import DataNotFoundError
from moto.core.exceptions import ServiceException
from moto.core.responses import ActionResult, BaseResponse
from moto.moto_api._internal import mock_random

from checker.demo.emulator.patching import replaces

# Items per page when the caller names no limit; also the most AWS hands out.
# Source: the MaxResults, MaxRecords or PageSize parameter of the services' listings.
PAGE = {"autoscaling": 50, "ec2": 1000, "elasticache": 100, "elbv2": 400, "iam": 100, "rds": 100}
MOST = {"autoscaling": 100, "ec2": 1000, "elasticache": 100, "elbv2": 400, "iam": 1000, "rds": 100}
EVERYTHING = 10**9
LISTINGS_KEPT = 64


@dataclass(frozen=True)
class Pager:
    """How one action is paged: names of its parameters and of the keys of its answer."""

    token: str
    next_token: str
    limit: str
    lists: tuple[str, ...]
    more: str | None


@dataclass(frozen=True)
class Listing:
    """One whole answer, kept while its pages are read; `items` are (key of the list, item)."""

    action: str
    pager: Pager
    items: list[tuple[str, Any]]
    rest: Mapping[str, Any]


@dataclass
class Listings:
    """Answers of which pages are still to be read, the oldest forgotten first."""

    held: OrderedDict[str, Listing] = field(default_factory=OrderedDict)

    def page(self, name: str, start: int, count: int) -> dict[str, Any]:
        """Return the answer with `count` items from `start`, and a token if more are left."""
        listing = self.held[name]
        stop = start + count
        answer = {**listing.rest, **{key: [] for key in listing.pager.lists}}
        for key, item in listing.items[start:stop]:
            answer[key].append(item)
        left = stop < len(listing.items)
        if left:
            answer[listing.pager.next_token] = f"{name}.{stop}.{count}"
        if listing.pager.more:
            answer[listing.pager.more] = left
        return answer

    def keep(self, listing: Listing) -> str:
        """Remember an answer under a new name and return the name."""
        name = str(mock_random.get_random_hex(32))
        self.held[name] = listing
        while len(self.held) > LISTINGS_KEPT:
            self.held.popitem(last=False)
        return name


class InvalidToken(ServiceException):
    """The caller's token is not one of ours for this action."""

    # moto finds the service's error shapes through the module of the exception
    __module__ = "moto.ec2.exceptions"
    code = "InvalidNextToken"
    message = "The token is not valid."


@cache
def _pagers(service: str) -> dict[str, Pager]:
    try:
        model = botocore.loaders.Loader().load_service_model(service, "paginators-1")["pagination"]
    except DataNotFoundError:
        return {}
    found = {}
    for action, paging in model.items():
        lists = paging["result_key"] if isinstance(paging["result_key"], list) else [paging["result_key"]]
        tokens = (paging["input_token"], paging["output_token"])
        plain = all(isinstance(each, str) and "." not in each for each in (*lists, *tokens))
        if plain and "limit_key" in paging:
            found[action] = Pager(*tokens, paging["limit_key"], tuple(lists), paging.get("more_results"))
    return found


@cache
def apply() -> None:
    """
    Page every listing botocore knows how to page, from one answer computed once.

    Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/Query-Requests.html#api-pagination
    """
    listings = Listings()

    @replaces(BaseResponse, "call_action")
    def _(original: Any, self: Any) -> Any:
        service, action = self.boto3_service_name, self._get_action()
        pager = _pagers(service).get(action) if service in PAGE else None
        if pager is None or not self.automated_parameter_parsing:
            return original(self)
        token, limit = self.params.pop(pager.token, None), self.params.get(pager.limit)
        count = min(int(limit or PAGE[service]), MOST[service])
        if token is None:
            # moto's own limit is lifted, so that the listing is complete and computed once
            self.params[pager.limit] = EVERYTHING
            self.tierproof_paging = (pager, action, count)
            return original(self)
        status, headers, body = self.serialized(_resume(listings, action, str(token), count if limit else None))
        headers, body = self._enrich_response(headers, body)
        return status, headers, body

    @replaces(BaseResponse, "serialized")
    def _(original: Any, self: Any, action_result: ActionResult) -> Any:
        paging, result = self.__dict__.pop("tierproof_paging", None), action_result.result
        if paging is None or not isinstance(result, dict):
            return original(self, action_result)
        pager, action, count = paging
        if not any(key in result for key in pager.lists):
            return original(self, action_result)
        items = [(key, item) for key in pager.lists for item in result.get(key) or []]
        hidden = (*pager.lists, pager.next_token, pager.more)
        rest = {key: value for key, value in result.items() if key not in hidden}
        page = listings.page(listings.keep(Listing(action, pager, items, rest)), 0, count)
        return original(self, ActionResult(page))


def _resume(listings: Listings, action: str, token: str, count: int | None) -> ActionResult:
    name, _, place = token.partition(".")
    start, _, size = place.partition(".")
    known = listings.held.get(name)
    if known is None or known.action != action or not (start.isdigit() and size.isdigit()):
        return ActionResult(InvalidToken())
    return ActionResult(listings.page(name, int(start), count or int(size)))
