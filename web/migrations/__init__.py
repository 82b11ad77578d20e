"""Migrations; `web.migrate` runs them."""
