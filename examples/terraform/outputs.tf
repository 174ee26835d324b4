output "address" {
  description = "Where the shop is."
  value       = "https://${aws_route53_record.shop.name}"
}

output "name_servers" {
  description = "What the registrar of the domain has to point to."
  value       = aws_route53_zone.main.name_servers
}
