"""What is called otherwise than it was in an earlier version."""
