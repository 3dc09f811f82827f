"""Who may use the desk: roles, invitations, and how somebody proves who they are."""
