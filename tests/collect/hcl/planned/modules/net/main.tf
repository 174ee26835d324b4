variable "name" {}
variable "subnets" { type = map(object({ cidr = string, public = optional(bool, false), zone = string })) }
resource "aws_vpc" "this" {
  cidr_block = "10.0.0.0/16"
  tags       = { Name = var.name }
}
resource "aws_subnet" "this" {
  for_each                = var.subnets
  vpc_id                  = aws_vpc.this.id
  cidr_block              = each.value.cidr
  availability_zone       = each.value.zone
  map_public_ip_on_launch = each.value.public
  tags                    = merge({ Name = "${var.name}-${each.key}" }, each.value.public ? { Tier = "public" } : {})
}
output "vpc_id" { value = aws_vpc.this.id }
output "public" { value = [for k, s in aws_subnet.this : s.id if s.map_public_ip_on_launch] }
output "ids" { value = values(aws_subnet.this)[*].id }
