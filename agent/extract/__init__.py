"""From an answer to a program: found in the text, completed, and merged with its equals."""
