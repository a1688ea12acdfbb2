"""Runs and models in MLflow, and the gate before a model is used; the only door to MLflow."""
