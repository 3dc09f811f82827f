"""Everything that `check` can say of pages."""
