# What `__main__.py` beside it says, in HCL.
terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}
provider "aws" {
  region = "eu-west-1"
}
variable "database_password" {
  default   = "of-no-database-at-all"
  sensitive = true
}
resource "aws_vpc" "this" { cidr_block = "10.0.0.0/16" }
resource "aws_subnet" "a" {
  vpc_id     = aws_vpc.this.id
  cidr_block = "10.0.1.0/24"
}
resource "aws_subnet" "b" {
  vpc_id                  = aws_vpc.this.id
  cidr_block              = "10.0.2.0/24"
  map_public_ip_on_launch = true
}
resource "aws_security_group" "edge" {
  name        = "edge"
  description = "edge"
  vpc_id      = aws_vpc.this.id
}
resource "aws_lb" "main" {
  name                       = "x"
  subnets                    = [aws_subnet.a.id, aws_subnet.b.id]
  security_groups            = [aws_security_group.edge.id]
  drop_invalid_header_fields = true
}
resource "aws_lb_target_group" "app" {
  name     = "app"
  vpc_id   = aws_vpc.this.id
  port     = 80
  protocol = "HTTP"
}
resource "aws_iam_role" "app" {
  name               = "app"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" } }] })
}
resource "aws_iam_instance_profile" "app" {
  name = "app"
  role = aws_iam_role.app.name
}

resource "aws_db_instance" "bad" {
  identifier          = "bad"
  engine              = "mysql"
  instance_class      = "db.t3.micro"
  allocated_storage   = 5
  username            = "x"
  password            = var.database_password
  publicly_accessible = true
}
resource "aws_security_group" "open" {
  name   = "open"
  vpc_id = aws_vpc.this.id
  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
  ingress {
    from_port       = 80
    to_port         = 80
    protocol        = "tcp"
    security_groups = [aws_security_group.edge.id]
  }
}
resource "aws_s3_bucket" "public" {
  bucket = "publicly"
}
resource "aws_s3_bucket_acl" "public" {
  bucket = aws_s3_bucket.public.id
  acl    = "public-read"
}
resource "aws_s3_bucket" "good" {
}
resource "aws_s3_bucket_public_access_block" "good" {
  bucket                  = aws_s3_bucket.good.bucket
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}
resource "aws_s3_bucket_versioning" "good" {
  bucket = aws_s3_bucket.good.id
  versioning_configuration { status = "Enabled" }
}
resource "aws_s3_bucket_server_side_encryption_configuration" "good" {
  bucket = aws_s3_bucket.good.id
  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = aws_kms_key.good.arn
    }
  }
}
resource "aws_kms_key" "good" {
  enable_key_rotation = true
  description         = "x"
}
resource "aws_instance" "bad" {
  ami                         = "ami-12345678"
  instance_type               = "t3.micro"
  associate_public_ip_address = true
  root_block_device { encrypted = false }
  subnet_id = aws_subnet.a.id
}
resource "aws_instance" "good" {
  ami           = "ami-12345678"
  instance_type = "t3.micro"
  ebs_optimized = true
  monitoring    = true
  metadata_options {
    http_tokens   = "required"
    http_endpoint = "enabled"
  }
  root_block_device { encrypted = true }
  iam_instance_profile = aws_iam_instance_profile.app.name
}
resource "aws_sqs_queue" "bad" { name = "q" }
resource "aws_sqs_queue" "good" {
  name              = "g"
  kms_master_key_id = aws_kms_key.good.id
}
resource "aws_sns_topic" "bad" { name = "t" }
resource "aws_ecr_repository" "bad" { name = "r" }
resource "aws_ecr_repository" "good" {
  name                 = "r2"
  image_tag_mutability = "IMMUTABLE"
  image_scanning_configuration { scan_on_push = true }
  encryption_configuration {
    encryption_type = "KMS"
    kms_key         = aws_kms_key.good.arn
  }
}
resource "aws_iam_policy" "bad" {
  name   = "admin"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "*", Resource = "*" }] })
}
resource "aws_iam_policy" "refers" {
  name   = "admin2"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "s3:*", Resource = aws_s3_bucket.good.arn }] })
}
resource "aws_cloudwatch_log_group" "bad" { name = "l" }
resource "aws_dynamodb_table" "bad" {
  name         = "d"
  hash_key     = "id"
  billing_mode = "PAY_PER_REQUEST"
  attribute {
    name = "id"
    type = "S"
  }
}
resource "aws_elasticache_replication_group" "bad" {
  replication_group_id       = "bad"
  description                = "x"
  at_rest_encryption_enabled = false
}
resource "aws_elasticache_replication_group" "good" {
  replication_group_id       = "good"
  description                = "x"
  at_rest_encryption_enabled = true
  transit_encryption_enabled = true
  auth_token                 = var.database_password
}
resource "aws_lambda_function" "bad" {
  function_name = "f"
  role          = aws_iam_role.app.arn
  handler       = "x.y"
  runtime       = "python3.12"
  filename      = "main.tf"
  environment { variables = { A = "b" } }
}
resource "aws_cloudfront_distribution" "bad" {
  enabled = true
  origin {
    domain_name = "example.com"
    origin_id   = "o"
    custom_origin_config {
      http_port              = 80
      https_port             = 443
      origin_protocol_policy = "http-only"
      origin_ssl_protocols   = ["TLSv1"]
    }
  }
  default_cache_behavior {
    allowed_methods        = ["GET", "HEAD"]
    cached_methods         = ["GET", "HEAD"]
    target_origin_id       = "o"
    viewer_protocol_policy = "allow-all"
    forwarded_values {
      query_string = false
      cookies { forward = "none" }
    }
  }
  restrictions {
    geo_restriction { restriction_type = "none" }
  }
  viewer_certificate { cloudfront_default_certificate = true }
}
resource "aws_eks_cluster" "bad" {
  name     = "e"
  role_arn = aws_iam_role.app.arn
  vpc_config {
    subnet_ids             = [aws_subnet.a.id, aws_subnet.b.id]
    endpoint_public_access = true
  }
}
resource "aws_rds_cluster" "bad" {
  cluster_identifier  = "c"
  engine              = "aurora-mysql"
  master_username     = "x"
  master_password     = var.database_password
  skip_final_snapshot = true
}
resource "aws_lb_listener" "bad" {
  load_balancer_arn = aws_lb.main.arn
  port              = 8080
  protocol          = "HTTP"
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.app.arn
  }
}
resource "aws_security_group_rule" "open" {
  type              = "ingress"
  from_port         = 3389
  to_port           = 3389
  protocol          = "tcp"
  cidr_blocks       = ["0.0.0.0/0"]
  security_group_id = aws_security_group.open.id
}
