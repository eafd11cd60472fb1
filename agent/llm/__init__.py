"""One client for every OpenAI-compatible endpoint, the embedded model, and recorded runs."""
