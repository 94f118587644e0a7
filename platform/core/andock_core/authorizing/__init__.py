"""Authorizing at another site: where a member may be led to, their way back, and what whoever runs
Andock set for it."""
