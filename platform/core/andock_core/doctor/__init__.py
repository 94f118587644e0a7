"""The connection doctor: what is wrong with a connection, told without a secret."""
