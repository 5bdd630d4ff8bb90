"""Long campaigns that try to break a promise; docs/quality.md says how to run them. The suite runs a short form."""
