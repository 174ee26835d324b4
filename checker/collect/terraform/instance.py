"""One instance of a resource or data source, in the shape of Terraform's own JSON output."""

from collections.abc import Mapping
from dataclasses import dataclass

from checker.model.fact import Missing
from checker.model.record import Origin

_OF_UNKNOWN_NUMBER = Missing(
    "its count or for_each is not known",
    "give the values it hangs on, or check a plan made where they are known",
)


@dataclass(frozen=True, kw_only=True)
class Instance:
    """An instance that exists after the apply.

    `values` has the shape that `terraform show -json` gives them: numbers, strings, truth values, lists and mappings,
    and a nested block is always a list of mappings. What is not set is absent or None; what is not known is a
    `Missing`, or a `Symbol` where it is known who it is (`aws_vpc.main`, `var.vpc_id`); a list some of whose items are
    not known holds a `Missing` among them. A mapping may have the line of its block under `reader.LINE`.

    `is_data` marks a data source: it tells of something that stands elsewhere. `uncertain` marks one that stands for
    an unknown number of instances, none included, and `number` says why that is not known. `region` is empty where the
    provider does not say it.
    Source: https://developer.hashicorp.com/terraform/internals/json-format#values-representation
    """

    address: str
    type: str
    values: Mapping[str, object]
    origin: Origin
    is_data: bool = False
    uncertain: bool = False
    number: Missing = _OF_UNKNOWN_NUMBER
    region: str = ""
    account: str = ""
