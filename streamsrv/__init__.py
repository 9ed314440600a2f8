"""streamsrv: a runtime server for personalized video."""
