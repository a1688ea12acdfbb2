"""Questionnaires that end in a score or a level: Canada's AIA, the tool of GobLab, and registers."""
