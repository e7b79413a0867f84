"""Users, teams, roles, invitations."""
