"""What the parameter group of a database says about TLS, for instances and for clusters."""

from collections.abc import Mapping

from checker.model.fact import Fact, Known, Missing, Unknown
from checker.resources.neighbours import looked_up
from checker.resources.reader import REQUIRED, Reader

SECURE_TRANSPORT = (
    "Parameters[?contains(['rds.force_ssl', 'require_secure_transport', 'tls', 'neptune_enforce_ssl'], ParameterName)]"
)
_PARAMETERS = {
    "aurora": "require_secure_transport",
    "aurora-mysql": "require_secure_transport",
    "aurora-postgresql": "rds.force_ssl",
    "docdb": "tls",
    "mariadb": "require_secure_transport",
    "mysql": "require_secure_transport",
    "neptune": "neptune_enforce_ssl",
    "postgres": "rds.force_ssl",
}
# Where a group's settings stand, and what a setting calls its name and its value.
_LISTED = ("Parameters", "ParameterName", "ParameterValue")
_BLOCKS = ("parameter", "name", "value")
_OFF = ("0", "off", "false", "disabled")
_ON = ("1", "on", "true", "enabled")


def tls_parameter(engine: object) -> str | None:
    """Return the parameter with which an engine refuses connections without TLS, `None` for engines without one.

    Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html
    """
    if not isinstance(engine, str):
        return None
    return "rds.force_ssl" if engine.startswith("sqlserver-") else _PARAMETERS.get(engine)


def is_custom(group: object) -> bool:
    """Tell whether a parameter group is the customer's own; the names of AWS's start with `default.`."""
    return isinstance(group, str) and bool(group) and not group.startswith("default.")


def sets_tls(raw: Mapping[str, object], group: object) -> bool:
    """Tell whether a group's parameters have to be read to know if the raw database refuses connections without TLS."""
    return tls_parameter(raw.get("Engine")) is not None and is_custom(group)


def force_tls(reader: Reader, group: Fact[str | None], statuses: Fact[tuple[str, ...]]) -> Fact[bool | None]:
    """Return whether the group of `reader`'s database demands TLS, `None` where it leaves that to the engine's default.

    `Parameters` of the record holds the group's own settings. `statuses` are those of applying the group: one that
    waits for a reboot says nothing about what runs.
    """

    def settled(engine: str, name: str | None, applied: tuple[str, ...]) -> Fact[bool | None]:
        parameter = tls_parameter(engine)
        if parameter is None or name is None:
            return Known(None)
        if "pending-reboot" in applied:
            fact = f"{reader.label}: whether the parameter group {name} is in force (pending-reboot)"
            return Unknown(Missing(fact, "reboot the database"))
        return _setting(reader, parameter, _LISTED) if is_custom(name) else Known(None)

    return reader.text("Engine").then(
        lambda engine: group.then(lambda name: statuses.then(lambda applied: settled(engine, name, applied)))
    )


def configured_tls(reader: Reader, engine: Fact[str], field: str, type_: str) -> Fact[bool | None]:
    """Return what the group that `field` names demands, of a record of `type_`, as `force_tls` does.

    What is set there holds from the first start.
    Source: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/db_parameter_group
    """

    def settled(name: str, group: str | None) -> Fact[bool | None]:
        parameter = tls_parameter(name)
        if parameter is None or not is_custom(group):
            return Known(None)
        found = looked_up(reader, type_)
        if found is None:
            return reader.unknown(f"{type_}.parameter")
        # A group without a block sets nothing; one that stands outside does not tell its blocks.
        return _setting(found, parameter, _BLOCKS) if found.has("parameter") else Known(None)

    return engine.then(lambda name: reader.maybe_id(field).then(lambda group: settled(name, group)))


def _setting(reader: Reader, parameter: str, keys: tuple[str, str, str]) -> Fact[bool | None]:
    path, key, setting = keys

    def pair(item: Reader) -> Fact[tuple[str, str | None]]:
        return item.text(key).then(lambda name: item.maybe(setting).map(lambda value: (name, value)))

    return reader.each(path, pair, default=REQUIRED).then(
        lambda found: reader.check(f"{path}.{parameter}", lambda: _demands(dict(found).get(parameter)))
    )


def _demands(value: str | None) -> bool | None:
    if value is None:
        return None
    # DocumentDB names a TLS version (`tls1.2+`, `fips-140-3`) where it demands one.
    if value.lower() in _ON or value.lower().startswith(("tls", "fips")):
        return True
    if value.lower() in _OFF:
        return False
    raise ValueError(f"neither on nor off: {value}")
