"""Calendar files, and what stands in them."""
