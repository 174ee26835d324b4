"""ElastiCache actions moto lacks: serverless caches and parameter groups."""

from functools import cache
from typing import Any

from moto.core.exceptions import ServiceException
from moto.core.utils import utcnow
from moto.ec2.models import ec2_backends
from moto.elasticache.models import ElastiCacheBackend
from moto.elasticache.responses import ElastiCacheResponse
from moto.moto_api._internal import mock_random

from checker.demo.emulator import interfaces
from checker.demo.emulator.patching import answers, replaces, store

PORT = 6379


class _NotFound(ServiceException):
    # moto finds the service's error shapes through the module of the exception
    __module__ = "moto.elasticache.exceptions"

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@cache
def apply() -> None:
    """Add the actions."""
    interfaces.apply()
    _serverless()
    _parameter_groups()


def _serverless() -> None:
    """Source: https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_ServerlessCache.html."""

    @answers(ElastiCacheResponse, "create_serverless_cache")
    def _(call: Any) -> object:
        name, engine = call._get_param("ServerlessCacheName"), call._get_param("Engine")
        suffix = f"{mock_random.get_random_hex(6)}.serverless.use1.cache.amazonaws.com"
        held = {
            "ServerlessCacheName": name,
            "Description": call._get_param("Description", ""),
            "CreateTime": utcnow(),
            "Status": "available",
            "Engine": engine,
            "MajorEngineVersion": call._get_param("MajorEngineVersion", "8"),
            "FullEngineVersion": "8.0",
            "SecurityGroupIds": list(call._get_param("SecurityGroupIds", [])),
            "SubnetIds": list(call._get_param("SubnetIds", [])),
            "Endpoint": {"Address": f"{name}-{suffix}", "Port": PORT},
            "ReaderEndpoint": {"Address": f"{name}-{suffix}", "Port": PORT + 1},
            "ARN": f"arn:aws:elasticache:{call.region}:{call.current_account}:serverlesscache:{name}",
            "SnapshotRetentionLimit": call._get_int_param("SnapshotRetentionLimit", 0),
        }
        endpoint = f"vpce-{mock_random.get_random_hex(17)}"
        ec2 = ec2_backends[call.current_account][call.region]
        placed = [
            interfaces.place(
                ec2, subnet, description=f"VPC Endpoint Interface {endpoint}", kind="vpc_endpoint",
                groups=lambda: held["SecurityGroupIds"],
            )
            for subnet in held["SubnetIds"]
        ]  # fmt: skip
        store(call.elasticache_backend, "serverless")[name] = held
        store(call.elasticache_backend, "serverless_interfaces")[name] = placed
        return {"ServerlessCache": held}

    @answers(ElastiCacheResponse, "describe_serverless_caches")
    def _(call: Any) -> object:
        name, known = call._get_param("ServerlessCacheName"), store(call.elasticache_backend, "serverless")
        if name and name not in known:
            raise _NotFound("ServerlessCacheNotFoundFault", f"Serverless cache {name} not found.")
        return {"ServerlessCaches": [known[name]] if name else list(known.values())}

    @answers(ElastiCacheResponse, "modify_serverless_cache")
    def _(call: Any) -> object:
        held = store(call.elasticache_backend, "serverless")[call._get_param("ServerlessCacheName")]
        for key in ("Description", "SecurityGroupIds", "SnapshotRetentionLimit"):
            if (value := call._get_param(key)) is not None:
                held[key] = value
        return {"ServerlessCache": held}

    @answers(ElastiCacheResponse, "delete_serverless_cache")
    def _(call: Any) -> object:
        name = call._get_param("ServerlessCacheName")
        ec2 = ec2_backends[call.current_account][call.region]
        interfaces.remove(ec2, store(call.elasticache_backend, "serverless_interfaces").pop(name, []))
        return {"ServerlessCache": store(call.elasticache_backend, "serverless").pop(name) | {"Status": "deleting"}}


def _parameter_groups() -> None:
    """Source: https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CacheParameterGroup.html."""

    @replaces(ElastiCacheBackend, "list_tags_for_resource")
    def _(original: Any, self: Any, arn: str) -> Any:
        group = store(self, "parameter_groups").get(arn.rpartition(":")[2])
        return (
            self.tagging_service.list_tags_for_resource(arn) if group and group["ARN"] == arn else original(self, arn)
        )

    @answers(ElastiCacheResponse, "create_cache_parameter_group")
    def _(call: Any) -> object:
        name = call._get_param("CacheParameterGroupName")
        group = {
            "CacheParameterGroupName": name,
            "CacheParameterGroupFamily": call._get_param("CacheParameterGroupFamily"),
            "Description": call._get_param("Description"),
            "IsGlobal": False,
            "ARN": f"arn:aws:elasticache:{call.region}:{call.current_account}:parametergroup:{name}",
        }
        store(call.elasticache_backend, "parameter_groups")[name] = group
        store(call.elasticache_backend, "parameters")[name] = {}
        call.elasticache_backend.tagging_service.tag_resource(group["ARN"], call._get_param("Tags", []))
        return {"CacheParameterGroup": group}

    @answers(ElastiCacheResponse, "describe_cache_parameter_groups")
    def _(call: Any) -> object:
        name, known = call._get_param("CacheParameterGroupName"), store(call.elasticache_backend, "parameter_groups")
        if name and name not in known:
            raise _NotFound("CacheParameterGroupNotFound", f"CacheParameterGroup {name} not found.")
        return {"CacheParameterGroups": [known[name]] if name else list(known.values())}

    @answers(ElastiCacheResponse, "modify_cache_parameter_group")
    def _(call: Any) -> object:
        name = call._get_param("CacheParameterGroupName")
        for each in call._get_param("ParameterNameValues", []):
            store(call.elasticache_backend, "parameters")[name][each["ParameterName"]] = each.get("ParameterValue")
        return {"CacheParameterGroupName": name}

    @answers(ElastiCacheResponse, "delete_cache_parameter_group")
    def _(call: Any) -> object:
        for kept in ("parameter_groups", "parameters"):
            store(call.elasticache_backend, kept).pop(call._get_param("CacheParameterGroupName"), None)
        return None

    @answers(ElastiCacheResponse, "describe_cache_parameters")
    def _(call: Any) -> object:
        held = store(call.elasticache_backend, "parameters").get(call._get_param("CacheParameterGroupName"), {})
        return {"Parameters": [{"ParameterName": k, "ParameterValue": v, "Source": "user"} for k, v in held.items()]}
