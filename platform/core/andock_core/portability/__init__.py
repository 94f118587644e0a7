"""Taking a company's data out, and bringing it in elsewhere."""
