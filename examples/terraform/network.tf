data "aws_availability_zones" "available" {
  state = "available"
}

locals {
  zones = slice(data.aws_availability_zones.available.names, 0, 3)
}

module "network" {
  source = "./network"

  name   = var.name
  region = var.region
  cidr   = "10.0.0.0/16"
  zones  = local.zones
}
