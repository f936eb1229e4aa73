"""The language room: what is said without the coach having written it."""
