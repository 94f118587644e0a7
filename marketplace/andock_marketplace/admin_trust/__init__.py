"""The company's certificates, for its admins."""
