"""Who somebody is: accounts, passwords, invitations, sessions."""
