"""The patterns that editors may write: what they may hold, how long they may take, a text that matches."""
