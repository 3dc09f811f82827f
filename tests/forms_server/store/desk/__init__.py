"""What the desk keeps, on each kind of database."""
