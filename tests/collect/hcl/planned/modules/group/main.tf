variable "name" {}
variable "vpc_id" {}
variable "ports" { type = set(number) }
resource "aws_security_group" "this" {
  name   = var.name
  vpc_id = var.vpc_id
}
resource "aws_vpc_security_group_ingress_rule" "this" {
  for_each          = { for p in var.ports : tostring(p) => p }
  security_group_id = aws_security_group.this.id
  from_port         = each.value
  to_port           = each.value
  ip_protocol       = "tcp"
  cidr_ipv4         = "10.0.0.0/8"
}
output "id" { value = aws_security_group.this.id }
