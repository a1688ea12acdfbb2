"""The nouns, the judgement and the sealed record; imports the standard library only."""
