"""Runs real metadata clients against Onehop and compares what happens with a table.

`cases` says what is tried, `space` makes the networks, `service` and `client` start the two sides, `cell` runs one
client in one case, `expected` reads the table, `page` writes the document, `main` does all of it.
"""
