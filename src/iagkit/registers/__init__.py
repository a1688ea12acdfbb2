"""What a public body publishes of a system: profiles of registers, filled from one record."""
