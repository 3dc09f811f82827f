"""Bringing a community's folder from the version that made it to this one."""
