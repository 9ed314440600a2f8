"""Media work: the only importers of `av` and `skia`. Runs in commands and worker processes, never on an event loop."""
