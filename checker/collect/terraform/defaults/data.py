"""Defaults of databases, caches, tables, file systems and roles.

What only some configurations leave to AWS (the port of a replica, the encryption of what is restored) is not here: its
kind reads it.

Source: the "Argument Reference" of each type's page below
https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/
"""

from collections.abc import Mapping

DEFAULTS: Mapping[str, Mapping[str, object]] = {
    "aws_db_instance": {"publicly_accessible": False},
    "aws_docdb_cluster": {"backup_retention_period": 1, "engine": "docdb", "port": 27017},
    "aws_docdb_cluster_instance": {"engine": "docdb", "promotion_tier": 0},
    "aws_elasticache_replication_group": {
        "automatic_failover_enabled": False,
        "engine": "redis",
        "multi_az_enabled": False,
    },
    "aws_neptune_cluster": {
        "backup_retention_period": 1,
        "engine": "neptune",
        "port": 8182,
        "storage_encrypted": False,
    },
    "aws_neptune_cluster_instance": {
        "engine": "neptune",
        "port": 8182,
        "promotion_tier": 0,
        "publicly_accessible": False,
    },
    "aws_rds_cluster": {"engine_mode": "provisioned"},
    "aws_rds_cluster_instance": {"promotion_tier": 0},
}
