"""Documents: what each is, what is urgent within capacity, and what people should read next."""
