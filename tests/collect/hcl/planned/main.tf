terraform {
  required_providers { aws = { source = "hashicorp/aws" } }
}
provider "aws" {
  region                      = "eu-west-1"
  access_key                  = "none"
  secret_key                  = "none"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
  default_tags {
    tags = { Team = "shop", Env = local.env }
  }
}

provider "aws" {
  alias                       = "west"
  region                      = "us-west-2"
  access_key                  = "none"
  secret_key                  = "none"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
}

variable "create" {
  type    = bool
  default = true
}
variable "azs" {
  type    = list(string)
  default = ["eu-west-1a", "eu-west-1b", "eu-west-1c"]
}
variable "rules" {
  type = list(object({
    port    = number
    sources = optional(list(string), ["10.0.0.0/8"])
    group   = optional(string)
    tags    = optional(map(string), {})
  }))
  default = [{ port = 80 }, { port = 443, sources = ["0.0.0.0/0", "1.2.3.4/32"], tags = { a = "b" } }]
}
variable "tags" {
  type    = map(string)
  default = { count = 3, yes = true }
}
variable "db" {
  default = { engine = "mysql", size = "20", multi = "true" }
}
locals {
  env     = terraform.workspace == "default" ? "prod" : terraform.workspace
  public  = [for i, z in var.azs : cidrsubnet("10.1.0.0/16", 8, i)]
  private = { for i, z in var.azs : z => cidrsubnet("10.1.0.0/16", 8, i + 100) }
  ports   = distinct(flatten([for r in var.rules : [r.port, r.port]]))
  json    = jsonencode({ a = 1, b = [true, null, "x"] })
  heredoc = <<-EOT
    #!/bin/bash
    %{for p in local.ports~}
    echo ${p}
    %{endfor~}
  EOT
}
resource "aws_vpc" "this" {
  count                = var.create ? 1 : 0
  cidr_block           = "10.1.0.0/16"
  enable_dns_hostnames = true
  tags                 = merge(var.tags, { Name = upper("main") })
}
resource "aws_subnet" "public" {
  count                   = length(var.azs)
  vpc_id                  = one(aws_vpc.this[*].id)
  cidr_block              = element(local.public, count.index)
  availability_zone       = var.azs[count.index]
  map_public_ip_on_launch = true
}
resource "aws_subnet" "private" {
  for_each          = local.private
  vpc_id            = try(aws_vpc.this[0].id, "")
  cidr_block        = each.value
  availability_zone = each.key
  tags              = { Name = format("%s-%02d", each.key, index(var.azs, each.key)) }
}
resource "aws_route_table" "public" {
  vpc_id = aws_vpc.this[0].id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.this.id
  }
}
resource "aws_internet_gateway" "this" { vpc_id = aws_vpc.this[0].id }
resource "aws_route_table_association" "public" {
  count          = length(aws_subnet.public)
  subnet_id      = aws_subnet.public[count.index].id
  route_table_id = aws_route_table.public.id
}
resource "aws_security_group" "all" {
  name_prefix = "all-"
  vpc_id      = aws_vpc.this[0].id
  dynamic "ingress" {
    for_each = { for r in var.rules : "p${r.port}" => r }
    content {
      description = ingress.key
      from_port   = ingress.value.port
      to_port     = ingress.value["port"]
      protocol    = "tcp"
      cidr_blocks = ingress.value.sources
      self        = ingress.value.group == null
    }
  }
  egress = [{
    from_port   = 0, to_port = 0, protocol = "-1", cidr_blocks = ["0.0.0.0/0"]
    description = "", ipv6_cidr_blocks = [], prefix_list_ids = [], security_groups = [], self = false
  }]
}
resource "aws_lb" "this" {
  name            = substr(replace("my_long_name", "_", "-"), 0, 7)
  internal        = !var.create
  subnets         = aws_subnet.public[*].id
  security_groups = concat([aws_security_group.all.id], [])
  dynamic "access_logs" {
    for_each = var.create ? [] : ["x"]
    content { bucket = access_logs.value }
  }
}
resource "aws_db_subnet_group" "db" {
  name       = "db"
  subnet_ids = [for s in aws_subnet.private : s.id]
}
resource "aws_db_instance" "db" {
  identifier             = "db-${lower(var.db.engine)}"
  engine                 = var.db["engine"]
  allocated_storage      = var.db.size
  instance_class         = "db.t3.micro"
  multi_az               = var.db.multi
  username               = "u"
  password               = "password123"
  db_subnet_group_name   = aws_db_subnet_group.db.name
  skip_final_snapshot    = true
  vpc_security_group_ids = [aws_security_group.all.id]
}
resource "aws_launch_template" "app" {
  name                   = "app"
  image_id               = "ami-12345678"
  instance_type          = "t3.micro"
  user_data              = base64encode(local.heredoc)
  vpc_security_group_ids = [aws_security_group.all.id]
  metadata_options {
    http_tokens   = "required"
    http_endpoint = "enabled"
  }
  block_device_mappings {
    device_name = "/dev/sda1"
    ebs {
      volume_size = 20
      encrypted   = true
    }
  }
}
resource "aws_autoscaling_group" "app" {
  name                = "app"
  min_size            = 2
  max_size            = 4
  vpc_zone_identifier = values(aws_subnet.private)[*].id
  launch_template {
    id      = aws_launch_template.app.id
    version = "$Latest"
  }
  dynamic "tag" {
    for_each = var.tags
    content {
      key                 = tag.key
      value               = tag.value
      propagate_at_launch = true
    }
  }
}
data "aws_iam_policy_document" "assume" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["ec2.amazonaws.com"]
    }
  }
}
data "aws_iam_policy_document" "use" {
  source_policy_documents = [data.aws_iam_policy_document.assume.json]
  statement {
    sid       = "A"
    effect    = "Deny"
    actions   = ["dynamodb:*", "s3:GetObject"]
    resources = ["*"]
    condition {
      test     = "StringEquals"
      variable = "aws:x"
      values   = ["a", "b"]
    }
  }
}
resource "aws_iam_role" "app" {
  name               = "app"
  assume_role_policy = data.aws_iam_policy_document.assume.json
}
resource "aws_iam_role_policy" "app" {
  role   = aws_iam_role.app.id
  policy = data.aws_iam_policy_document.use.json
}
resource "aws_sns_topic" "t" {
  for_each = { for k, v in { a = 1, b = 0 } : k => v if v > 0 }
  name     = "${each.key}-${local.json == "" ? 1 : 2}"
  policy   = local.json
}

module "net" {
  source  = "./modules/net"
  name    = "shop-${var.region}"
  subnets = merge(var.subnets, { c = { cidr = cidrsubnet("10.0.0.0/16", 8, 3), zone = "us-west-2c" } })
  providers = {
    aws = aws.west
  }
}
module "groups" {
  for_each = toset(["web", "db"])
  source   = "./modules/group"
  providers = {
    aws = aws.west
  }
  vpc_id = module.net.vpc_id
  name   = each.key
  ports  = each.key == "web" ? var.ports : [3306]
}
module "none" {
  count  = length(var.ports) > 5 ? 1 : 0
  source = "./modules/group"
  vpc_id = "vpc-1"
  name   = "none"
  ports  = []
}
variable "region" { type = string }
variable "ports" {
  type    = list(number)
  default = [80]
}
variable "subnets" {
  type = map(object({ cidr = string, public = optional(bool, false), zone = string }))
}
resource "aws_elasticache_subnet_group" "cache" {
  name       = join("-", ["cache", length(module.groups)])
  subnet_ids = module.net.ids
}
resource "aws_elasticache_replication_group" "cache" {
  replication_group_id       = "cache-${coalesce("", "x")}"
  description                = trimspace("  sessions ")
  node_type                  = "cache.t3.micro"
  num_cache_clusters         = max(2, 1)
  automatic_failover_enabled = contains(keys(var.subnets), "a")
  multi_az_enabled           = tobool("true")
  subnet_group_name          = aws_elasticache_subnet_group.cache.name
}
resource "aws_lb_listener" "http" {
  load_balancer_arn = aws_lb.this.arn
  port              = "80"
  dynamic "default_action" {
    for_each = [for port in var.ports : port if port == 443]
    content {
      type = "redirect"
      redirect {
        port        = default_action.value
        protocol    = "HTTPS"
        status_code = "HTTP_301"
      }
    }
  }
}
resource "aws_route53_record" "www" {
  zone_id = "Z123"
  name    = format("%s.%s", "www", "example.com")
  type    = "A"
  alias {
    name                   = aws_lb.this.dns_name
    zone_id                = aws_lb.this.zone_id
    evaluate_target_health = false
  }
}
