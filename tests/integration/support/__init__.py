"""Real peers for the integration tests, each on loopback, on a free port, in its own folder, stopped by process id."""
