"""The site's CA, what it signs, and the forms in which Windows takes it."""
