output "vpc_id" {
  description = "The VPC."
  value       = aws_vpc.this.id
}

output "public_subnet_ids" {
  description = "Subnets of the load balancer, one per zone."
  value       = [for zone in var.zones : aws_subnet.public[zone].id]
}

output "app_subnet_ids" {
  description = "Subnets of the app, one per zone."
  value       = [for zone in var.zones : aws_subnet.app[zone].id]
}

output "data_subnet_ids" {
  description = "Subnets of what holds data, one per zone."
  value       = [for zone in var.zones : aws_subnet.data[zone].id]
}
