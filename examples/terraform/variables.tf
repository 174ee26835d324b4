variable "name" {
  description = "Short name of the shop, with which everything it owns begins."
  type        = string
  default     = "myclothes"
}

variable "region" {
  description = "Region that the shop runs in; it needs three Availability Zones."
  type        = string
  default     = "eu-west-1"
}

variable "domain" {
  description = "Domain that the shop is reached by."
  type        = string
  default     = "myclothes.com"
}

variable "session_store" {
  description = "Where carts are kept between requests: `cache` for ElastiCache, `table` for DynamoDB."
  type        = string
  default     = "cache"

  validation {
    condition     = contains(["cache", "table"], var.session_store)
    error_message = "The session store is \"cache\" or \"table\"."
  }
}

variable "database_password" {
  description = "Password of the database's administrator."
  type        = string
  sensitive   = true
}

variable "deletion_protection" {
  description = "Whether AWS refuses to delete what holds data. Set it to false, and apply, before `terraform destroy`."
  type        = bool
  default     = true
}
