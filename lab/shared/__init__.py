"""What the suites of the lab share: child processes, namespaces, and (`parts.sh`) installing into the cache."""
