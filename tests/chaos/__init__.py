"""Real servers, attacked."""
