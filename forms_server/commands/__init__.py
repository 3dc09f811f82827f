"""The commands of the service by group, each a module with its `COMMANDS`; `forms_server.__main__` finds them."""
