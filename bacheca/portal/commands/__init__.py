"""The commands of the portal: one module a group of them."""
