variable "vpc_id" {}
variable "from" {}
resource "aws_security_group" "this" {
  vpc_id = var.vpc_id
}
resource "aws_vpc_security_group_ingress_rule" "r" {
  count                        = length(var.from)
  security_group_id            = aws_security_group.this.id
  referenced_security_group_id = var.from[count.index]
  ip_protocol                  = "tcp"
  from_port                    = 80
  to_port                      = 80
}
output "id" { value = aws_security_group.this.id }
