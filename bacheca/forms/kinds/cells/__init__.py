"""The columns of a package and their cells: of which types they are, how each is written and checked."""
