"""What `make` does to the machine."""
