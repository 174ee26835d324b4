terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "5.100.0"
    }
  }
}

provider "aws" {
  region                      = var.region
  access_key                  = "none"
  secret_key                  = "none"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
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

variable "region" { default = "us-east-1" }
variable "password" {
  default   = "hunter2hunter2"
  sensitive = true
}
variable "zones" { default = ["us-east-1a", "us-east-1b"] }
locals { app_port = 8080 }
resource "aws_vpc" "main" { cidr_block = "10.0.0.0/16" }
resource "aws_subnet" "private" {
  count             = 2
  vpc_id            = aws_vpc.main.id
  cidr_block        = cidrsubnet(aws_vpc.main.cidr_block, 8, count.index)
  availability_zone = var.zones[count.index]
}
resource "aws_subnet" "named" {
  for_each          = { a = "us-east-1a", b = "us-east-1b" }
  vpc_id            = aws_vpc.main.id
  cidr_block        = cidrsubnet(aws_vpc.main.cidr_block, 8, each.key == "a" ? 10 : 11)
  availability_zone = each.value
}
resource "aws_route_table" "p" {
  for_each = aws_subnet.named
  vpc_id   = each.value.vpc_id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.gw.id
  }
}
resource "aws_route_table_association" "p" {
  for_each       = aws_subnet.named
  subnet_id      = each.value.id
  route_table_id = aws_route_table.p[each.key].id
}
resource "aws_internet_gateway" "gw" { vpc_id = aws_vpc.main.id }
resource "aws_security_group" "lb" {
  vpc_id = aws_vpc.main.id
  ingress {
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}
resource "aws_security_group" "two" {
  vpc_id = aws_vpc.main.id
  ingress {
    from_port       = 80
    to_port         = 80
    protocol        = "tcp"
    security_groups = [aws_security_group.lb.id]
  }
  ingress {
    from_port       = 22
    to_port         = 22
    protocol        = "tcp"
    security_groups = [aws_security_group.other.id]
  }
}
resource "aws_security_group" "other" { vpc_id = aws_vpc.main.id }
resource "aws_security_group" "dyn" {
  vpc_id = aws_vpc.main.id
  dynamic "ingress" {
    for_each = [80, 81]
    content {
      from_port       = ingress.value
      to_port         = ingress.value
      protocol        = "tcp"
      security_groups = [aws_security_group.lb.id]
    }
  }
}
resource "aws_security_group" "dynunknown" {
  vpc_id = aws_vpc.main.id
  dynamic "ingress" {
    for_each = toset([aws_security_group.lb.id])
    content {
      from_port       = 1
      to_port         = 2
      protocol        = "tcp"
      security_groups = [ingress.value]
    }
  }
}
resource "aws_lb" "web" {
  name            = "web"
  subnets         = aws_subnet.private[*].id
  security_groups = [aws_security_group.lb.id]
}
resource "aws_lb" "forexpr" {
  name            = "forexpr"
  subnets         = [for s in aws_subnet.named : s.id]
  security_groups = [module.sg.id, aws_security_group.lb.id]
}
resource "aws_lb_target_group" "plain" {
  port     = local.app_port
  protocol = "HTTP"
  vpc_id   = aws_vpc.main.id
}
resource "aws_lb_target_group" "dynstick" {
  port     = 80
  protocol = "HTTP"
  vpc_id   = aws_vpc.main.id
  dynamic "stickiness" {
    for_each = toset([aws_security_group.lb.id])
    content { type = "lb_cookie" }
  }
}
resource "aws_lb_target_group" "dynstick0" {
  port     = 80
  protocol = "HTTP"
  vpc_id   = aws_vpc.main.id
  dynamic "stickiness" {
    for_each = []
    content { type = "lb_cookie" }
  }
}
resource "aws_lb_target_group" "stick" {
  port     = 80
  protocol = "HTTP"
  vpc_id   = aws_vpc.main.id
  stickiness { type = "lb_cookie" }
}
resource "aws_lb_listener" "http" {
  load_balancer_arn = aws_lb.web.arn
  port              = 80
  default_action {
    type = "forward"
    forward {
      target_group {
        arn    = aws_lb_target_group.plain.arn
        weight = 1
      }
      target_group {
        arn    = aws_lb_target_group.stick.arn
        weight = 2
      }
    }
  }
}
resource "aws_lb_listener" "one" {
  load_balancer_arn = aws_lb.web.arn
  port              = 81
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.plain.arn
  }
}
resource "aws_db_instance" "main" {
  engine                 = "mysql"
  instance_class         = "db.t3.micro"
  allocated_storage      = 20
  username               = "admin"
  password               = var.password
  vpc_security_group_ids = [aws_security_group.other.id]
  skip_final_snapshot    = true
}
resource "aws_launch_template" "app" {
  name_prefix            = "app"
  image_id               = "ami-123"
  vpc_security_group_ids = [aws_security_group.two.id]
}
resource "aws_autoscaling_group" "app" {
  min_size            = 2
  max_size            = 4
  vpc_zone_identifier = aws_subnet.private[*].id
  target_group_arns   = [aws_lb_target_group.plain.arn]
  launch_template {
    id      = aws_launch_template.app.id
    version = "$Latest"
  }
}
resource "aws_security_group" "west" {
  provider = aws.west
  name     = "west"
}
module "sg" {
  source = "./sg"
  vpc_id = aws_vpc.main.id
  from   = [aws_security_group.lb.id]
}
module "many" {
  source   = "./sg"
  for_each = toset(["x", "y"])
  vpc_id   = aws_vpc.main.id
  from     = [aws_security_group.lb.id]
}

resource "aws_lb" "mixed" {
  name            = "mixed"
  subnets         = ["subnet-11111111", "subnet-22222222"]
  security_groups = ["sg-11111111", aws_security_group.lb.id]
}

# The groups of one that is not known before the apply: there may be any number.
resource "aws_security_group" "open" {
  vpc_id = aws_vpc.main.id
  dynamic "ingress" {
    for_each = terraform_data.later.output
    content {
      from_port   = 80
      to_port     = 80
      protocol    = "tcp"
      cidr_blocks = [ingress.value]
    }
  }
}

resource "terraform_data" "later" { input = ["10.0.0.0/8"] }
