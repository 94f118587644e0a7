"""What a company trusts: server certificates that its admin approved, and its own authorities."""
