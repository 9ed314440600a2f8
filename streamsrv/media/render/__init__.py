"""Viewers' own segments: the stored picture with their words on it, encoded again in worker processes."""
