"""The desk: whoever looks after the answers does it in a browser."""
