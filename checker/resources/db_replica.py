"""What a configured database instance comes to, and what a replica has from its source."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from checker.model.fact import Fact, Known
from checker.resources.db_family import is_restored
from checker.resources.neighbours import groups_worn, looked_up
from checker.resources.reader import Reader
from checker.resources.terraform import arn_of, is_set

T = TypeVar("T")
# Source: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html (Port)
_PORTS = {"db2": 50000, "mariadb": 3306, "mysql": 3306, "oracle": 1521, "postgres": 5432, "sqlserver": 1433}


def identifier_of(reader: Reader) -> str:
    """Return the identifier: the provider's own id is another, by which no other resource calls an instance.

    Source: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/db_instance (Attributes)
    """
    return reader.must("identifier" if reader.plain("identifier") else "id")


def source_of(reader: Reader) -> Fact[str | None]:
    """Return what an instance replicates, by its identifier or by its ARN."""
    source = looked_up(reader, "aws_db_instance")
    named = reader.maybe_id("replicate_source_db")
    if source is None or named.is_(arn_of(source)).is_yes:
        return named
    return Known(identifier_of(source))


def inherited(reader: Reader, field: str, read: Callable[[Reader], Fact[T]]) -> Fact[T]:
    """Return what a replica says itself, else what its source says; what is no replica speaks for itself.

    Source: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstanceReadReplica.html
    """
    if is_set(reader, field) or not is_set(reader, "replicate_source_db"):
        return read(reader)
    source = looked_up(reader, "aws_db_instance")
    return inherited(source, field, read) if source else reader.unknown(field)


def subnet_group_of(reader: Reader) -> Reader | None:
    """Return the reader of the subnet group: the instance's own, else its source's."""
    source = looked_up(reader, "aws_db_instance")
    if is_set(reader, "db_subnet_group_name") or source is None:
        return looked_up(reader, "aws_db_subnet_group")
    return subnet_group_of(source)


def instance_groups(reader: Reader, group: Reader | None) -> Fact[tuple[str, ...]]:
    """Return the security groups, not known for a replica that names none.

    AWS's page says of these that they are the source's, and that they are the default group.
    Source: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstanceReadReplica.html
    """
    source = is_set(reader, "replicate_source_db")
    return groups_worn(reader, "vpc_security_group_ids", None if source else group)


def instance_port(reader: Reader, engine: Fact[str]) -> Fact[int]:
    """Return the port that an instance tells, else its source's, else its engine's."""

    def usual(name: str) -> Fact[int]:
        found = next((port for stem, port in _PORTS.items() if name.removeprefix("custom-").startswith(stem)), None)
        return reader.unknown("port") if found is None else Known(found)

    return inherited(reader, "port", lambda one: one.number("port") if is_set(one, "port") else engine.then(usual))


def instance_encrypted(reader: Reader) -> Fact[bool]:
    """Return whether the storage is encrypted: a replica is as its source, in another Region with a key of its own.

    Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.html
    """
    source = looked_up(reader, "aws_db_instance")
    if source:
        return instance_encrypted(source)
    if not is_restored(reader) and not is_set(reader, "replicate_source_db"):
        return reader.flag("storage_encrypted", default=False)
    keyed = reader.maybe_id("kms_key_id").holds(lambda key: key is not None)
    return Known(True) if keyed.is_yes else reader.flag("storage_encrypted")
