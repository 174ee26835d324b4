"""Which types of Terraform run something of a service in subnets, and where each says so.

Source: "Argument Reference" of each type's page at
https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/
"""

from collections.abc import Mapping
from typing import NamedTuple

TASKS = "aws_ecs_service"
CLIENTS = "aws_ec2_client_vpn_endpoint"
CLIENTS_NETWORK = "aws_ec2_client_vpn_network_association"


class Spelling(NamedTuple):
    """Where a type says its subnets and groups: dotted paths of attributes, in every block on the way.

    `public` and `v6` are the flags that give it public IPv4 addresses and IPv6 ones; `always_v6` has the latter
    wherever its subnets have. One with `own_group` wears a group that the service makes for it, beside those named.
    `subnet_group` is the attribute that names another record with its subnets, and that record's type. Where no subnet
    is named it is in no VPC of its owner's, or is `somewhere` if it wears groups.
    """

    subnets: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    public: str = ""
    v6: str = ""
    always_v6: bool = False
    own_group: bool = False
    subnet_group: tuple[str, str] | None = None
    somewhere: bool = True


def _in(block: str, subnets: str = "subnet_ids", groups: str = "security_group_ids") -> Spelling:
    start = f"{block}." if block else ""
    return Spelling((start + subnets,), (start + groups,) if groups else (), somewhere=False)


def _own(*subnets: str, groups: tuple[str, ...] = ()) -> Spelling:
    return Spelling(subnets, groups, own_group=True)


_USUAL = _in("")
_VPC_CONFIG = _in("vpc_config")
_VPC_CONFIG_SUBNETS = _in("vpc_config", "subnets")
_VPC_CONFIGURATION = _in("vpc_configuration")
_VPC_OPTIONS = _in("vpc_options")
_TASKS = _in("network_configuration", "subnets", "security_groups")
_VPC = _in("vpc")
_DMS = "aws_dms_replication_subnet_group"
_EMR_SUBNETS = ("ec2_attributes.subnet_id", "ec2_attributes.subnet_ids")
_EMR_GROUPS = ("emr_managed_master_security_group", "emr_managed_slave_security_group", "service_access_security_group")
_EVENT = "network_configuration.aws_vpc_configuration"
_HOSE = ("elasticsearch_configuration", "opensearch_configuration", "opensearchserverless_configuration")

# Those that only answer are not here: caches, file gateways, endpoints of private services.
TYPES: Mapping[str, Spelling] = {
    "aws_apigatewayv2_vpc_link": _USUAL,
    "aws_apprunner_vpc_connector": _in("", "subnets", "security_groups"),
    "aws_appstream_fleet": _VPC_CONFIG,
    "aws_appstream_image_builder": _VPC_CONFIG,
    "aws_batch_compute_environment": _in("compute_resources", "subnets"),
    "aws_bedrock_custom_model": _VPC_CONFIG,
    "aws_cloud9_environment_ec2": _own("subnet_id"),
    "aws_cloudwatch_event_target": _in("ecs_target.network_configuration", "subnets", "security_groups"),
    "aws_codebuild_fleet": _VPC_CONFIG_SUBNETS,
    "aws_codebuild_project": _VPC_CONFIG_SUBNETS,
    "aws_codeconnections_host": _VPC_CONFIGURATION,
    "aws_codestarconnections_host": _VPC_CONFIGURATION,
    "aws_comprehend_document_classifier": _VPC_CONFIG_SUBNETS,
    "aws_comprehend_entity_recognizer": _VPC_CONFIG_SUBNETS,
    "aws_devicefarm_test_grid_project": _VPC_CONFIG,
    "aws_directory_service_directory": _own("vpc_settings.subnet_ids", "connect_settings.subnet_ids"),
    "aws_dms_replication_config": Spelling(
        (),
        ("compute_config.vpc_security_group_ids",),
        subnet_group=("compute_config.replication_subnet_group_id", _DMS),
    ),
    "aws_dms_replication_instance": Spelling(
        (), ("vpc_security_group_ids",), "publicly_accessible", subnet_group=("replication_subnet_group_id", _DMS)
    ),
    "aws_drs_replication_configuration_template": Spelling(
        ("staging_area_subnet_id",), ("replication_servers_security_groups_ids",)
    ),
    CLIENTS: Spelling((f"{CLIENTS_NETWORK}.subnet_id",), ("security_group_ids",), somewhere=False),
    "aws_ec2_instance_connect_endpoint": _in("", "subnet_id"),
    # Tasks have IPv6 addresses wherever their subnets have, unless the account turned that off.
    # Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-networking-awsvpc.html
    TASKS: _TASKS._replace(public="network_configuration.assign_public_ip", always_v6=True),
    "aws_ecs_task_set": _TASKS._replace(public="network_configuration.assign_public_ip", always_v6=True),
    # Clusters and their nodes wear a group that EKS makes.
    # Source: https://docs.aws.amazon.com/eks/latest/userguide/sec-group-reqs.html
    "aws_eks_cluster": _own("vpc_config.subnet_ids", groups=("vpc_config.security_group_ids",)),
    "aws_eks_fargate_profile": _own("subnet_ids"),
    "aws_eks_node_group": _own("subnet_ids"),
    "aws_elasticsearch_domain": _VPC_OPTIONS,
    "aws_emr_cluster": _own(*_EMR_SUBNETS, groups=tuple(f"ec2_attributes.{group}" for group in _EMR_GROUPS)),
    "aws_emr_studio": Spelling(("subnet_ids",), ("engine_security_group_id", "workspace_security_group_id")),
    "aws_emrserverless_application": _in("network_configuration"),
    "aws_finspace_kx_cluster": _VPC_CONFIGURATION,
    "aws_fsx_file_cache": _USUAL,
    "aws_fsx_lustre_file_system": _USUAL,
    "aws_fsx_ontap_file_system": _USUAL,
    "aws_fsx_openzfs_file_system": _USUAL,
    "aws_fsx_windows_file_system": _USUAL,
    "aws_gamelift_game_server_group": _own("vpc_subnets"),
    "aws_glue_connection": _in("physical_connection_requirements", "subnet_id", "security_group_id_list"),
    "aws_glue_dev_endpoint": _in("", "subnet_id"),
    "aws_grafana_workspace": _VPC_CONFIGURATION,
    "aws_imagebuilder_infrastructure_configuration": Spelling(("subnet_id",), ("security_group_ids",)),
    "aws_iot_topic_rule_destination": _in("vpc_configuration", groups="security_groups"),
    "aws_kinesis_firehose_delivery_stream": Spelling(
        tuple(f"{block}.vpc_config.subnet_ids" for block in _HOSE),
        tuple(f"{block}.vpc_config.security_group_ids" for block in _HOSE),
    ),
    "aws_kinesisanalyticsv2_application": _in("application_configuration.vpc_configuration"),
    "aws_lambda_function": _VPC_CONFIG._replace(v6="vpc_config.ipv6_allowed_for_dual_stack"),
    "aws_m2_environment": _USUAL._replace(public="publicly_accessible"),
    "aws_medialive_channel": _VPC,
    "aws_mq_broker": _in("", groups="security_groups")._replace(public="publicly_accessible"),
    "aws_msk_cluster": _in("broker_node_group_info", "client_subnets", "security_groups"),
    "aws_msk_replicator": _in("kafka_cluster.vpc_config", groups="security_groups_ids"),
    "aws_msk_serverless_cluster": _VPC_CONFIG,
    "aws_mskconnect_connector": _in("kafka_cluster.apache_kafka_cluster.vpc", "subnets", "security_groups"),
    "aws_mwaa_environment": _in("network_configuration"),
    "aws_opensearch_domain": _VPC_OPTIONS,
    "aws_opsworks_instance": Spelling(("subnet_id",), ("security_group_ids",), own_group=True),
    "aws_osis_pipeline": _VPC_OPTIONS,
    "aws_pipes_pipe": Spelling(
        (f"target_parameters.ecs_task_parameters.{_EVENT}.subnets",),
        (f"target_parameters.ecs_task_parameters.{_EVENT}.security_groups",),
    ),
    "aws_prometheus_scraper": _in("source.eks"),
    "aws_quicksight_vpc_connection": _USUAL,
    "aws_redshift_cluster": Spelling(
        (),
        ("vpc_security_group_ids",),
        "publicly_accessible",
        subnet_group=("cluster_subnet_group_name", "aws_redshift_subnet_group"),
    ),
    "aws_redshiftserverless_workgroup": Spelling(("subnet_ids",), ("security_group_ids",), "publicly_accessible"),
    "aws_sagemaker_data_quality_job_definition": _in("network_config.vpc_config", "subnets"),
    "aws_sagemaker_domain": Spelling(
        ("subnet_ids",), ("default_user_settings.security_groups", "domain_settings.security_group_ids"), own_group=True
    ),
    "aws_sagemaker_model": _VPC_CONFIG_SUBNETS,
    "aws_sagemaker_notebook_instance": _in("", "subnet_id", "security_groups"),
    "aws_sagemaker_workforce": _in("workforce_vpc_config", "subnets"),
    "aws_scheduler_schedule": _in("target.ecs_parameters.network_configuration", "subnets", "security_groups"),
    "aws_spot_fleet_request": Spelling(
        ("launch_specification.subnet_id", "launch_template_config.overrides.subnet_id"),
        ("launch_specification.vpc_security_group_ids",),
    ),
    "aws_spot_instance_request": Spelling(("subnet_id",), ("vpc_security_group_ids",)),
    "aws_synthetics_canary": _VPC_CONFIG,
    "aws_transfer_server": _in("endpoint_details"),
    "aws_verifiedaccess_endpoint": Spelling(
        ("load_balancer_options.subnet_ids", "cidr_options.subnet_ids", "rds_options.subnet_ids"),
        ("security_group_ids",),
    ),
    "aws_vpclattice_resource_gateway": _USUAL,
    "aws_workspaces_directory": _own("subnet_ids", groups=("workspace_creation_properties.custom_security_group_id",)),
    "aws_workspacesweb_network_settings": _USUAL,
}
