"""What operators and analysts see: metrics, logs and events, each with its own sink. Never decides anything."""
