"""The door: the service that takes the answers, keeps them and exports them."""
