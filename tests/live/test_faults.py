"""One change to the documented shop each: exactly the rules that it breaks fail, and the shop beside it stays clean."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from checker.demo import changes, shop
from checker.demo.plan import ShopOptions
from checker.rules.catalog import rules
from tests.live.account import FORKS, Account, Audit, World, audit

pytestmark = pytest.mark.skipif(not FORKS, reason="accounts are copied by forking")
KEYS = {"name", "why", "shop", "change", "expect", "unknown", "path"}
FILES = sorted((Path(__file__).parent / "faults").glob("*.yaml"))
FAULTS: list[dict[str, Any]] = [fault for file in FILES for fault in yaml.safe_load(file.read_text(encoding="utf-8"))]


class Shops:
    """Two shops in one account, one to break and one that stays as it is; an account for each choice of options."""

    def __init__(self) -> None:
        self._accounts: dict[tuple[tuple[str, Any], ...], Account] = {}

    def account(self, options: Mapping[str, Any]) -> Account:
        """Return the account whose shops are built with some options."""
        key = tuple(sorted(options.items()))
        if key not in self._accounts:
            self._accounts[key] = Account(lambda world: _build(world, options))
        return self._accounts[key]

    def close(self) -> None:
        """End every account."""
        for account in self._accounts.values():
            account.close()


def _build(world: World, options: Mapping[str, Any]) -> None:
    for name in ("bad", "good"):
        world.shops[name] = shop.build(world.session, name, ShopOptions(**options))


def broken(world: World, change: list[dict[str, object]]) -> Audit:
    """Return the audit after a change."""
    world.shops["bad"] = changes.apply(world.session, world.shops["bad"], change)
    return audit(world)


@pytest.fixture(scope="session")
def shops() -> Iterator[Shops]:
    made = Shops()
    yield made
    made.close()


def wanted(fault: dict[str, Any], key: str, ids: Mapping[str, str]) -> set[tuple[str, str]]:
    """Return (rule, subject) pairs, with ids in the place of references."""
    pairs = ((rule, text) for rule, texts in fault.get(key, {}).items() for text in texts)
    return {(rule, ids[text[2:-1]] if text.startswith("${") else text) for rule, text in pairs}


@pytest.mark.sampled(one_in=10)
@pytest.mark.parametrize("fault", FAULTS, ids=[fault["name"] for fault in FAULTS])
def test_fault_is_found_and_nothing_else(shops: Shops, fault: dict[str, Any]) -> None:
    done: Audit = shops.account(fault.get("shop", {})).run(broken, fault["change"])
    ids = done.shops["bad"]

    assert _pairs(done, "FAIL", wanted(fault, "expect", ids)) == wanted(fault, "expect", ids), "\n".join(
        done.told("FAIL")
    )
    assert _pairs(done, "UNKNOWN", set()) == wanted(fault, "unknown", ids), "\n".join(done.told("UNKNOWN"))
    assert done.told("ERROR") == []
    assert {each["name"] for each in done.report["stacks"] if each["judged"]} == {"bad-alb", "good-alb"}
    told = " ".join(step["resource"] + " " + step["fact"] for each in done.results("FAIL") for step in each["path"])
    assert [part for part in fault.get("path", []) if ids.get(part, part) not in told] == []


def _pairs(done: Audit, verdict: str, asked: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """Return the (rule, subject) pairs with a verdict; the state follows the subject where one is asked for."""
    found = set()
    for each in done.results(verdict):
        rule, name = each["rule"], each["subject"]["name"]
        stated = {(rule, f"{name} latent"), (rule, f"{name} reachable")} & asked
        found.add((rule, f"{name} {each['state']}" if stated else name))
    return found


def test_faults_are_well_formed() -> None:
    names = [fault["name"] for fault in FAULTS]

    assert len(names) == len(set(names)) >= 70
    assert [fault["name"] for fault in FAULTS if set(fault) - KEYS] == []
    assert [fault["name"] for fault in FAULTS if not fault.get("expect") and not fault.get("unknown")] == []


def test_every_rule_has_a_fault() -> None:
    # AWS takes no load balancer in one zone; `test_good_stacks` has AZ001 fail by a blueprint that asks for three.
    assert {rule.id for rule in rules()} - {rule for fault in FAULTS for rule in fault.get("expect", {})} == {"AZ001"}


@pytest.mark.sampled(one_in=2)
@pytest.mark.parametrize("options", sorted({yaml.safe_dump(fault.get("shop", {})) for fault in FAULTS}))
def test_shops_are_clean_before_they_are_broken(shops: Shops, options: str) -> None:
    done: Audit = shops.account(yaml.safe_load(options)).run(audit)

    assert done.told("FAIL", "UNKNOWN", "ERROR") == []
    assert done.exit_code == 0
