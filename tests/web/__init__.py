"""What programs from npm say of the pages; `make test` installs them by the lock of this folder."""
