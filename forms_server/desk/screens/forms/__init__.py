"""The forms, and what was answered to them."""
