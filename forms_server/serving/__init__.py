"""The processes of the service: one opens the socket, some answer on it, one writes, and a stuck one is replaced."""
