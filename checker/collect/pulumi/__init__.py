"""Resources of Pulumi programs in the terraform dialect, whichever of the sources told them."""
