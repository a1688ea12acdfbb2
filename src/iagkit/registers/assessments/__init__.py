"""Questionnaires that end in a score: the AIA of Canada, the tool of GobLab; and registers."""
