"""Form files: read, checked, made into forms, and described to the programs in which they are written."""
