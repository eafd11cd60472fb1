"""From the journals of finished runs to pages and pictures; nothing here runs or asks anything."""
