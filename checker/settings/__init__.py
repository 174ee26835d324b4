"""What a team writes down about judging: settings, waivers and earlier reports, from files or from a revision."""
