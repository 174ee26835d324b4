# The least that the provider accepts of each type in the table of defaults.
resource "aws_db_instance" "least" {
  instance_class    = "db.t4g.micro"
  engine            = "mysql"
  allocated_storage = 20
  username          = "shop"
  password          = "only-for-a-plan"
}

resource "aws_docdb_cluster" "least" {}

resource "aws_docdb_cluster_instance" "least" {
  cluster_identifier = "cluster"
  instance_class     = "db.r6g.large"
}

resource "aws_elasticache_replication_group" "least" {
  replication_group_id = "group"
  description          = "least"
}

resource "aws_neptune_cluster" "least" {}

resource "aws_neptune_cluster_instance" "least" {
  cluster_identifier = "cluster"
  instance_class     = "db.r6g.large"
}

resource "aws_rds_cluster" "least" {
  engine = "aurora-mysql"
}

resource "aws_rds_cluster_instance" "least" {
  cluster_identifier = "cluster"
  engine             = "aurora-mysql"
  instance_class     = "db.r6g.large"
}
