# The least that the provider accepts of each type in the table of defaults, with the blocks that get some of their own.
resource "aws_lb" "least" {
  subnets = ["subnet-1", "subnet-2"]
}

resource "aws_elb" "least" {
  subnets = ["subnet-1"]

  listener {
    instance_port     = 80
    instance_protocol = "http"
    lb_port           = 80
    lb_protocol       = "http"
  }
}

resource "aws_lb_target_group" "least" {
  port     = 80
  protocol = "HTTP"
  vpc_id   = "vpc-1"

  health_check {}

  stickiness {
    type = "lb_cookie"
  }
}

resource "aws_lb_listener" "least" {
  load_balancer_arn = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/a/1"
  port              = 80

  default_action {
    type = "redirect"

    redirect {
      status_code = "HTTP_301"
    }
  }
}

resource "aws_lb_listener_rule" "least" {
  listener_arn = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:listener/app/a/1/2"

  action {
    type = "redirect"

    redirect {
      status_code = "HTTP_301"
    }
  }

  condition {
    path_pattern {
      values = ["/x"]
    }
  }
}

resource "aws_lb_listener" "forward" {
  load_balancer_arn = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/a/1"
  port              = 81
  protocol          = "HTTP"

  default_action {
    type = "forward"

    forward {
      target_group {
        arn = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/a/1"
      }

      target_group {
        arn = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/b/1"
      }

      stickiness {
        duration = 600
      }
    }
  }
}

resource "aws_lb_listener_rule" "forward" {
  listener_arn = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:listener/app/a/1/2"

  action {
    type = "forward"

    forward {
      target_group {
        arn = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/a/1"
      }

      target_group {
        arn = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/b/1"
      }

      stickiness {
        duration = 600
      }
    }
  }

  condition {
    path_pattern {
      values = ["/x"]
    }
  }
}

resource "aws_autoscaling_group" "least" {
  min_size            = 1
  max_size            = 2
  vpc_zone_identifier = ["subnet-1"]

  launch_template {
    id = "lt-1"
  }
}

resource "aws_autoscaling_group" "mixed" {
  min_size            = 1
  max_size            = 2
  vpc_zone_identifier = ["subnet-1"]

  mixed_instances_policy {
    launch_template {
      launch_template_specification {
        launch_template_id = "lt-1"
      }

      override {
        launch_template_specification {
          launch_template_id = "lt-2"
        }
      }
    }
  }
}

resource "aws_autoscaling_policy" "least" {
  name                   = "least"
  autoscaling_group_name = "least"
  adjustment_type        = "ChangeInCapacity"
  scaling_adjustment     = 1
}

resource "aws_instance" "least" {
  ami           = "ami-1"
  instance_type = "t3.micro"

  metadata_options {}
}
