"""Benchmarks, one command each, and what they share: `make bench`. They print tables; nothing here is a test."""
