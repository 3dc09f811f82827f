"""Walking forms through a real service."""
