"""What Terraform's files, plans and states have in common: instances of resources, and the records made of them."""
