"""The URL oracle: which spelling makes which real client dial the metadata service or the machine itself."""
