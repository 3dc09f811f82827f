"""The processes of the service: one opens the socket, the others answer on it, and a stuck one is replaced."""
