"""The screens of the desk, one a module: each registers its addresses on its `SCREEN`."""
