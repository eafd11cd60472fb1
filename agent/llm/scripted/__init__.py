"""An endpoint that answers what a script says: a real HTTP server for tests and trials."""
