region = "eu-west-1"
subnets = {
  a = { cidr = "10.0.1.0/24", public = true, zone = "us-west-2a" }
  b = { cidr = "10.0.2.0/24", zone = "us-west-2b" }
}
