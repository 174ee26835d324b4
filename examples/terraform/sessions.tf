# Sessions outlive the instances that serve them: in a cache of one primary and two replicas, each in a zone of its own,
# or, where `session_store` says so, in a table.

locals {
  cache = var.session_store == "cache" ? 1 : 0
  table = var.session_store == "table" ? 1 : 0
}

resource "aws_security_group" "cache" {
  count = local.cache

  name        = "${var.name}-cache"
  description = "Session cache of ${var.name}"
  vpc_id      = module.network.vpc_id
  tags        = { Name = "${var.name}-cache" }
}

resource "aws_vpc_security_group_ingress_rule" "cache_from_app" {
  count = local.cache

  security_group_id            = aws_security_group.cache[0].id
  description                  = "The app"
  referenced_security_group_id = aws_security_group.app.id
  ip_protocol                  = "tcp"
  from_port                    = 6379
  to_port                      = 6379
}

resource "aws_vpc_security_group_egress_rule" "app_to_cache" {
  count = local.cache

  security_group_id            = aws_security_group.app.id
  description                  = "The session cache"
  referenced_security_group_id = aws_security_group.cache[0].id
  ip_protocol                  = "tcp"
  from_port                    = 6379
  to_port                      = 6379
}

resource "aws_elasticache_subnet_group" "sessions" {
  count = local.cache

  name       = "${var.name}-sessions"
  subnet_ids = module.network.data_subnet_ids
}

resource "aws_elasticache_replication_group" "sessions" {
  count = local.cache

  replication_group_id       = "${var.name}-sessions"
  description                = "Sessions of ${var.name}"
  engine                     = "valkey"
  engine_version             = "8.0"
  node_type                  = "cache.t4g.small"
  num_cache_clusters         = length(local.zones)
  multi_az_enabled           = true
  automatic_failover_enabled = true
  subnet_group_name          = aws_elasticache_subnet_group.sessions[0].name
  security_group_ids         = [aws_security_group.cache[0].id]
  at_rest_encryption_enabled = true
  transit_encryption_enabled = true
  transit_encryption_mode    = "required"
  snapshot_retention_limit   = 7
}

resource "aws_dynamodb_table" "sessions" {
  count = local.table

  name                        = "${var.name}-sessions"
  billing_mode                = "PAY_PER_REQUEST"
  hash_key                    = "id"
  deletion_protection_enabled = var.deletion_protection

  attribute {
    name = "id"
    type = "S"
  }

  ttl {
    enabled        = true
    attribute_name = "expires"
  }

  point_in_time_recovery {
    enabled = true
  }

  server_side_encryption {
    enabled = true
  }
}

data "aws_iam_policy_document" "sessions" {
  count = local.table

  statement {
    actions = [
      "dynamodb:GetItem",
      "dynamodb:PutItem",
      "dynamodb:UpdateItem",
      "dynamodb:DeleteItem",
    ]
    resources = [aws_dynamodb_table.sessions[0].arn]
  }
}

resource "aws_iam_role_policy" "sessions" {
  count = local.table

  name   = "sessions"
  role   = aws_iam_role.app.name
  policy = data.aws_iam_policy_document.sessions[0].json
}
