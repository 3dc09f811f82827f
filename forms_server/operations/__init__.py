"""Jobs that nobody waits for, and backups."""
