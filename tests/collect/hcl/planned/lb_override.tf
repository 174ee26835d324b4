resource "aws_lb" "this" {
  name = "overridden"
}
