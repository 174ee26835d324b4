"""RDS: instances placed in the zones of their subnet group, with their interfaces and their own identity."""

import random
import string
from functools import cache
from typing import Any

from moto.ec2.models import ec2_backends
from moto.rds.models import (
    DBCluster,
    DBClusterParameterGroup,
    DBInstance,
    DBParameterGroup,
    DBProxy,
    DBProxyTarget,
    RDSBackend,
)
from moto.rds.responses import RDSResponse

from checker.demo.emulator import interfaces
from checker.demo.emulator.patching import answer_empty, replaces

OWNER = "amazon-rds"
NOTHING = {
    "describe_db_cluster_endpoints": "DBClusterEndpoints",
    "describe_db_proxy_endpoints": "DBProxyEndpoints",
    "describe_pending_maintenance_actions": "PendingMaintenanceActions",
}


@cache
def apply() -> None:
    """Patch moto's RDS models."""
    interfaces.apply()
    answer_empty(RDSResponse, NOTHING)
    _instances()
    _replicas()
    _clusters()
    _proxies()
    _parameters(DBParameterGroup, "update_parameters")
    _parameters(DBClusterParameterGroup, "update_cluster_parameters")


def _parameters(group: type, change: str) -> None:
    """A parameter that was set says so.

    Source: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_Parameter.html (Source)
    """

    @replaces(group, change)
    def _(original: Any, self: Any, parameters: Any) -> None:
        original(self, [{**each, "Source": "user"} for each in parameters])


def _resource_id() -> str:
    return "db-" + "".join(random.choices(string.ascii_uppercase + "234567", k=26))


def _ec2(backend: Any) -> Any:
    return ec2_backends[backend.account_id][backend.region_name]


def _cluster(backend: Any, database: Any) -> Any:
    return backend.clusters.get(database.db_cluster_identifier) if database.db_cluster_identifier else None


def _groups(backend: Any, database: Any) -> list[str]:
    return list((_cluster(backend, database) or database).vpc_security_group_ids)


def _settle(backend: Any, database: Any) -> Any:
    """Place the instance, and its standby if it has one, in zones of the subnet group; return the instance."""
    interfaces.remove(_ec2(backend), database.__dict__.get("interfaces", []))
    database.interfaces = []
    cluster = _cluster(backend, database)
    name = cluster.db_subnet_group_name if cluster else database._db_subnet_group_name
    group = backend.subnet_groups.get(name)
    if group is None:
        return database
    subnets = {subnet.availability_zone: subnet.id for subnet in group._subnets}
    if database.availability_zone not in subnets:
        database.availability_zone = next(iter(subnets))
    zones = [database.availability_zone]
    database.secondary_availability_zone = None
    if database.multi_az and not cluster:
        database.secondary_availability_zone = next((zone for zone in subnets if zone not in zones), None)
        zones += [zone for zone in [database.secondary_availability_zone] if zone]
    database.interfaces = [
        interfaces.place(
            _ec2(backend), subnets[zone], description="RDSNetworkInterface", owner=OWNER,
            groups=lambda: _groups(backend, database), public=bool(database.publicly_accessible),
        )
        for zone in zones
    ]  # fmt: skip
    return database


def _instances() -> None:
    """Source: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DBInstance.html."""

    @replaces(DBInstance, "__init__")
    def _(original: Any, self: Any, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        self.dbi_resource_id = _resource_id()
        self.publicly_accessible = bool(self.publicly_accessible)

    @replaces(RDSBackend, "create_db_instance")
    def _(original: Any, self: Any, db_kwargs: dict[str, Any]) -> Any:
        return _settle(self, original(self, db_kwargs))

    @replaces(RDSBackend, "modify_db_instance")
    def _(original: Any, self: Any, db_instance_identifier: str, db_kwargs: dict[str, Any]) -> Any:
        database = original(self, db_instance_identifier, db_kwargs)
        database.port = db_kwargs.get("db_port_number") or database.port
        return _settle(self, database)

    @replaces(RDSBackend, "delete_db_instance")
    def _(original: Any, self: Any, *args: Any, **kwargs: Any) -> Any:
        database = original(self, *args, **kwargs)
        interfaces.remove(_ec2(self), database.__dict__.get("interfaces", []))
        return database


def _replicas() -> None:
    """Source: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstanceReadReplica.html."""

    @replaces(RDSBackend, "create_db_instance_read_replica")
    def _(original: Any, self: Any, db_kwargs: dict[str, Any]) -> Any:
        wanted = dict(db_kwargs)
        source = self.find_db_from_id(wanted["source_db_instance_identifier"])
        replica = original(self, dict(db_kwargs))
        # moto copies the source, so everything AWS does not inherit has to be set again
        replica.interfaces = []
        replica.replicas = []
        replica.dbi_resource_id = _resource_id()
        replica.multi_az = bool(wanted.get("multi_az"))
        replica.deletion_protection = bool(wanted.get("deletion_protection"))
        replica.backup_retention_period = wanted.get("backup_retention_period") or 0
        replica.publicly_accessible = bool(wanted.get("publicly_accessible"))
        group = self.subnet_groups.get(replica._db_subnet_group_name)
        if group and not wanted.get("vpc_security_group_ids"):
            replica.vpc_security_group_ids = [_ec2(self).get_default_security_group(group.vpc_id).id]
        if group and not wanted.get("availability_zone"):
            zones = [subnet.availability_zone for subnet in group._subnets]
            taken = (source.availability_zone, source.__dict__.get("secondary_availability_zone"))
            elsewhere = [zone for zone in zones if zone not in taken] or [zone for zone in zones if zone != taken[0]]
            replica.availability_zone = (elsewhere or zones)[0]
        return _settle(self, replica)


def _clusters() -> None:
    """Only a cluster of Aurora Serverless v1 tells how it scales; the provider would take moto's empty answer away.

    Source: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DBCluster.html (ScalingConfigurationInfo)
    """
    stock = vars(DBCluster)["scaling_configuration_info"].fget

    def told(cluster: Any) -> object:
        return stock(cluster) if cluster.scaling_configuration else None

    setattr(DBCluster, "scaling_configuration_info", property(told))  # noqa: B010  # a property, which moto has too


def _proxies() -> None:
    """Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy.html."""

    @replaces(DBProxy, "__init__")
    def _(original: Any, self: Any, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        self.interfaces = [
            interfaces.place(
                ec2_backends[self.account_id][self.region], subnet, owner=OWNER,
                description=f"Network interface for DBProxy {self.db_proxy_name}",
                groups=lambda: self.vpc_security_group_ids,
            )
            for subnet in self.vpc_subnet_ids
        ]  # fmt: skip

    @replaces(DBProxyTarget, "__init__")
    def _(original: Any, self: Any, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        self._registering = False
        self.role = "READ_WRITE"

    @replaces(RDSBackend, "delete_db_proxy")
    def _(original: Any, self: Any, proxy_name: str) -> Any:
        proxy = original(self, proxy_name)
        interfaces.remove(_ec2(self), proxy.interfaces)
        return proxy
