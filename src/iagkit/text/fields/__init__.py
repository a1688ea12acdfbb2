"""Fields of official documents in es, pt and en: place in the text and normal form."""
