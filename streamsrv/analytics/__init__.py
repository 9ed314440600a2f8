"""What a campaign achieved: planning experiments and reading their results. Never imported to serve a viewer."""
