"""Why a model answered as it did, exactly and in plain words."""
