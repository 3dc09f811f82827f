"""What builds keep for the builds after them, each thing by a digest of all that it was made of."""
