"""The Region of a provider's configuration, as far as a plan tells it."""

from collections.abc import Mapping

from checker.collect.terraform_plan.planned import Planned
from checker.collect.terraform_plan.shape import Plan


def region_of(planned: Planned, plan: Plan) -> str:
    """Return the Region of the provider that an instance is made with, empty where the plan does not tell it."""
    key = planned.block.provider_config_key if planned.block else ""
    found = plan.configuration.provider_config.get(key)
    expression = found.expressions.get("region") if found else None
    if not isinstance(expression, Mapping):
        return ""
    constant = expression.get("constant_value")
    if isinstance(constant, str):
        return constant
    names = expression.get("references")
    # Providers are configured in the root, whose variables a plan knows.
    name = names[0] if isinstance(names, list) and len(names) == 1 else None
    if isinstance(name, str) and name.startswith("var.") and ":" not in key:
        variable = plan.variables.get(name.removeprefix("var."))
        if variable is not None and isinstance(variable.value, str):
            return variable.value
    return ""
