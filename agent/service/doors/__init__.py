"""The doors of the service, one file a client's way to ask."""
