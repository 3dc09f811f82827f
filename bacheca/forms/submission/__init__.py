"""From what was sent, by post or by mail, to a checked response."""
