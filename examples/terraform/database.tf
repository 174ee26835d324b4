# One database that is written to, with a standby in another zone, and a read replica in each of two zones: at most one of
# these is the writer's.

resource "aws_db_subnet_group" "main" {
  name       = var.name
  subnet_ids = module.network.data_subnet_ids
}

resource "aws_db_parameter_group" "main" {
  name   = "${var.name}-postgres16"
  family = "postgres16"

  parameter {
    name  = "rds.force_ssl"
    value = "1"
  }
}

resource "aws_db_instance" "main" {
  identifier                = var.name
  engine                    = "postgres"
  engine_version            = "16.4"
  instance_class            = "db.t4g.medium"
  storage_type              = "gp3"
  allocated_storage         = 50
  storage_encrypted         = true
  db_name                   = "shop"
  username                  = "shop"
  password                  = var.database_password
  multi_az                  = true
  db_subnet_group_name      = aws_db_subnet_group.main.name
  vpc_security_group_ids    = [aws_security_group.database.id]
  parameter_group_name      = aws_db_parameter_group.main.name
  publicly_accessible       = false
  backup_retention_period   = 7
  deletion_protection       = var.deletion_protection
  skip_final_snapshot       = !var.deletion_protection
  final_snapshot_identifier = "${var.name}-last"
}

resource "aws_db_instance" "reader" {
  for_each = toset(slice(local.zones, 1, 3))

  identifier             = "${var.name}-reader-${each.key}"
  replicate_source_db    = aws_db_instance.main.identifier
  instance_class         = "db.t4g.medium"
  storage_encrypted      = true
  availability_zone      = each.key
  vpc_security_group_ids = [aws_security_group.database.id]
  parameter_group_name   = aws_db_parameter_group.main.name
  publicly_accessible    = false
  skip_final_snapshot    = true
}
