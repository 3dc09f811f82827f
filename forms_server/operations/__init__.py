"""Jobs, metrics and backups."""
