variable "name" {
  description = "Name with which everything here begins."
  type        = string
}

variable "region" {
  description = "Region of the network."
  type        = string
}

variable "cidr" {
  description = "Addresses of the network, a block of /20 or larger."
  type        = string
}

variable "zones" {
  description = "Availability Zones; each gets a public, an app and a data subnet."
  type        = list(string)
}
