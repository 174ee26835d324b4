# One resource of each type of the network table, with what the provider requires and nothing else.
resource "aws_vpc" "it" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_default_vpc" "it" {}

resource "aws_default_subnet" "it" {
  availability_zone = "eu-west-1a"
}

resource "aws_subnet" "it" {
  vpc_id     = "vpc-0123456789abcdef0"
  cidr_block = "10.0.0.0/24"
}

resource "aws_security_group" "it" {
  vpc_id = "vpc-0123456789abcdef0"

  ingress {
    from_port = 443
    to_port   = 443
    protocol  = "tcp"
  }

  egress {
    from_port = 0
    to_port   = 0
    protocol  = "-1"
  }
}

resource "aws_default_security_group" "it" {
  vpc_id = "vpc-0123456789abcdef0"

  ingress {
    from_port = 443
    to_port   = 443
    protocol  = "tcp"
  }

  egress {
    from_port = 0
    to_port   = 0
    protocol  = "-1"
  }
}

resource "aws_security_group_rule" "it" {
  security_group_id = "sg-0123456789abcdef0"
  type              = "ingress"
  from_port         = 443
  to_port           = 443
  protocol          = "tcp"
  cidr_blocks       = ["10.0.0.0/8"]
}

resource "aws_vpc_security_group_ingress_rule" "it" {
  security_group_id = "sg-0123456789abcdef0"
  ip_protocol       = "-1"
  cidr_ipv4         = "10.0.0.0/8"
}

resource "aws_vpc_security_group_egress_rule" "it" {
  security_group_id = "sg-0123456789abcdef0"
  ip_protocol       = "-1"
  cidr_ipv4         = "10.0.0.0/8"
}

resource "aws_network_acl" "it" {
  vpc_id = "vpc-0123456789abcdef0"

  ingress {
    rule_no   = 100
    action    = "allow"
    protocol  = "-1"
    from_port = 0
    to_port   = 0
  }

  egress {
    rule_no   = 100
    action    = "allow"
    protocol  = "-1"
    from_port = 0
    to_port   = 0
  }
}

resource "aws_default_network_acl" "it" {
  default_network_acl_id = "acl-0123456789abcdef0"

  ingress {
    rule_no   = 100
    action    = "allow"
    protocol  = "-1"
    from_port = 0
    to_port   = 0
  }

  egress {
    rule_no   = 100
    action    = "allow"
    protocol  = "-1"
    from_port = 0
    to_port   = 0
  }
}

resource "aws_network_acl_rule" "it" {
  network_acl_id = "acl-0123456789abcdef0"
  rule_number    = 100
  rule_action    = "allow"
  protocol       = "-1"
  cidr_block     = "10.0.0.0/8"
}

resource "aws_nat_gateway" "it" {
  subnet_id = "subnet-0123456789abcdef0"
}

resource "aws_vpc_peering_connection" "it" {
  vpc_id      = "vpc-0123456789abcdef0"
  peer_vpc_id = "vpc-0123456789abcdef1"
}

resource "aws_ec2_transit_gateway" "it" {}

resource "aws_ec2_transit_gateway_vpc_attachment" "it" {
  transit_gateway_id = "tgw-0123456789abcdef0"
  vpc_id             = "vpc-0123456789abcdef0"
  subnet_ids         = ["subnet-0123456789abcdef0"]
}

resource "aws_ec2_transit_gateway_route" "it" {
  transit_gateway_route_table_id = "tgw-rtb-0123456789abcdef0"
  destination_cidr_block         = "10.0.0.0/8"
}

resource "aws_vpc_endpoint" "it" {
  vpc_id       = "vpc-0123456789abcdef0"
  service_name = "com.amazonaws.eu-west-1.s3"
}

resource "aws_network_interface" "it" {
  subnet_id = "subnet-0123456789abcdef0"
}

resource "aws_vpc_endpoint_security_group_association" "it" {
  security_group_id = "sg-0123456789abcdef0"
  vpc_endpoint_id   = "vpce-0123456789abcdef0"
}
