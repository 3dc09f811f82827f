"""What a community's own look makes of its pages, and what may be wrong with it."""
