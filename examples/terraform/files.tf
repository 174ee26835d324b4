# The software and pictures that all instances share, with an address in each zone.

resource "aws_efs_file_system" "shared" {
  creation_token  = var.name
  encrypted       = true
  throughput_mode = "elastic"
  tags            = { Name = var.name }
}

resource "aws_efs_mount_target" "shared" {
  count = length(local.zones)

  file_system_id  = aws_efs_file_system.shared.id
  subnet_id       = module.network.data_subnet_ids[count.index]
  security_groups = [aws_security_group.files.id]
}

resource "aws_efs_backup_policy" "shared" {
  file_system_id = aws_efs_file_system.shared.id

  backup_policy {
    status = "ENABLED"
  }
}
