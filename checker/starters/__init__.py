"""Files that a team starts from: one file here for each, found by looking into this folder."""
