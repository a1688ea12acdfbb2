"""Recipes: the door to scikit-learn and skops."""
