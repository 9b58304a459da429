"""URLs that people really use, and why `onehop check` may refuse a few of them."""
