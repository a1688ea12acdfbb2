"""Records told to people; computes nothing."""
