"""What can be learnt about programs without knowing the answers."""
