"""Whole-program measurements of `onehop serve` and `onehop guard` beside nginx. `README.md` says what each row means."""
