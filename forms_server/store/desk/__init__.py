"""The rows of the desk: who may use it, their sessions, and what they did."""
