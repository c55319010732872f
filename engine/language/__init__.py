"""Language models from outside: texts cut into symbols, models that count, and ways to choose what comes next."""
