"""Everything that `check` can say of a form file."""
