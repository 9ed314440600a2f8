"""HTTP: routes, headers, errors, connections. Turns requests into use cases and results into bytes; decides nothing."""
