"""The landing page and its player."""
