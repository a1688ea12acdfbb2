"""What a sealed record says of each concept: declared, measured, and of the data."""
