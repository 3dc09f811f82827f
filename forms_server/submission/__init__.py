"""The ways in: posts and mail."""
