"""The judge as an HTTP service: doors for trainers, evaluators and tools."""
