"""Twenty types of resources, some as they should be and some not: `main.tf` beside it says the same."""

import json

import pulumi
import pulumi_aws as aws

password = pulumi.Config().require_secret("password")
vpc = aws.ec2.Vpc("this", cidr_block="10.0.0.0/16")
a = aws.ec2.Subnet("a", vpc_id=vpc.id, cidr_block="10.0.1.0/24")
b = aws.ec2.Subnet("b", vpc_id=vpc.id, cidr_block="10.0.2.0/24", map_public_ip_on_launch=True)
edge = aws.ec2.SecurityGroup("edge", name="edge", description="edge", vpc_id=vpc.id)
main = aws.lb.LoadBalancer(
    "main", name="x", subnets=[a.id, b.id], security_groups=[edge.id], drop_invalid_header_fields=True
)
app = aws.lb.TargetGroup("app", name="app", vpc_id=vpc.id, port=80, protocol="HTTP")
assume = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "ec2.amazonaws.com"}}],
}
role = aws.iam.Role("app", name="app", assume_role_policy=json.dumps(assume))
profile = aws.iam.InstanceProfile("app", name="app", role=role.name)
aws.rds.Instance(
    "bad",
    identifier="bad",
    engine="mysql",
    instance_class="db.t3.micro",
    allocated_storage=5,
    username="x",
    password=password,
    publicly_accessible=True,
)
group = aws.ec2.SecurityGroup(
    "open",
    name="open",
    vpc_id=vpc.id,
    ingress=[
        {"from_port": 22, "to_port": 22, "protocol": "tcp", "cidr_blocks": ["0.0.0.0/0"]},
        {"from_port": 80, "to_port": 80, "protocol": "tcp", "security_groups": [edge.id]},
    ],
)
public = aws.s3.Bucket("public", bucket="publicly")
aws.s3.BucketAcl("public", bucket=public.id, acl="public-read")
good = aws.s3.Bucket("good")
aws.s3.BucketPublicAccessBlock(
    "good",
    bucket=good.bucket,
    block_public_acls=True,
    block_public_policy=True,
    ignore_public_acls=True,
    restrict_public_buckets=True,
)
aws.s3.BucketVersioning("good", bucket=good.id, versioning_configuration={"status": "Enabled"})
key = aws.kms.Key("good", enable_key_rotation=True, description="x")
aws.s3.BucketServerSideEncryptionConfiguration(
    "good",
    bucket=good.id,
    rules=[{"apply_server_side_encryption_by_default": {"sse_algorithm": "aws:kms", "kms_master_key_id": key.arn}}],
)
aws.ec2.Instance(
    "bad",
    ami="ami-12345678",
    instance_type="t3.micro",
    associate_public_ip_address=True,
    root_block_device={"encrypted": False},
    subnet_id=a.id,
)
aws.ec2.Instance(
    "good",
    ami="ami-12345678",
    instance_type="t3.micro",
    ebs_optimized=True,
    monitoring=True,
    metadata_options={"http_tokens": "required", "http_endpoint": "enabled"},
    root_block_device={"encrypted": True},
    iam_instance_profile=profile.name,
)
aws.sqs.Queue("bad", name="q")
aws.sqs.Queue("good", name="g", kms_master_key_id=key.id)
aws.sns.Topic("bad", name="t")
aws.ecr.Repository("bad", name="r")
aws.ecr.Repository(
    "good",
    name="r2",
    image_tag_mutability="IMMUTABLE",
    image_scanning_configuration={"scan_on_push": True},
    encryption_configurations=[{"encryption_type": "KMS", "kms_key": key.arn}],
)
everything = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
aws.iam.Policy("bad", name="admin", policy=json.dumps(everything))
aws.iam.Policy(
    "refers",
    name="admin2",
    policy=pulumi.Output.json_dumps(
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": good.arn}]}
    ),
)
aws.cloudwatch.LogGroup("bad", name="l")
aws.dynamodb.Table(
    "bad", name="d", hash_key="id", billing_mode="PAY_PER_REQUEST", attributes=[{"name": "id", "type": "S"}]
)
aws.elasticache.ReplicationGroup("bad", replication_group_id="bad", description="x", at_rest_encryption_enabled=False)
aws.elasticache.ReplicationGroup(
    "good",
    replication_group_id="good",
    description="x",
    at_rest_encryption_enabled=True,
    transit_encryption_enabled=True,
    auth_token=password,
)
aws.lambda_.Function(
    "bad",
    name="f",
    role=role.arn,
    handler="x.y",
    runtime="python3.12",
    code=pulumi.FileArchive("."),
    environment={"variables": {"A": "b"}},
)
aws.cloudfront.Distribution(
    "bad",
    enabled=True,
    origins=[
        {
            "domain_name": "example.com",
            "origin_id": "o",
            "custom_origin_config": {
                "http_port": 80,
                "https_port": 443,
                "origin_protocol_policy": "http-only",
                "origin_ssl_protocols": ["TLSv1"],
            },
        }
    ],
    default_cache_behavior={
        "allowed_methods": ["GET", "HEAD"],
        "cached_methods": ["GET", "HEAD"],
        "target_origin_id": "o",
        "viewer_protocol_policy": "allow-all",
        "forwarded_values": {"query_string": False, "cookies": {"forward": "none"}},
    },
    restrictions={"geo_restriction": {"restriction_type": "none"}},
    viewer_certificate={"cloudfront_default_certificate": True},
)
aws.eks.Cluster(
    "bad", name="e", role_arn=role.arn, vpc_config={"subnet_ids": [a.id, b.id], "endpoint_public_access": True}
)
aws.rds.Cluster(
    "bad",
    cluster_identifier="c",
    engine="aurora-mysql",
    master_username="x",
    master_password=password,
    skip_final_snapshot=True,
)
aws.lb.Listener(
    "bad",
    load_balancer_arn=main.arn,
    port=8080,
    protocol="HTTP",
    default_actions=[{"type": "forward", "target_group_arn": app.arn}],
)
aws.ec2.SecurityGroupRule(
    "open",
    type="ingress",
    from_port=3389,
    to_port=3389,
    protocol="tcp",
    cidr_blocks=["0.0.0.0/0"],
    security_group_id=group.id,
)
