"""The connection doctor's page, and the page behind a link for whoever helps."""
