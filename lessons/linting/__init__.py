"""What is said of course files before they are loaded: links, sources, sentences. For authors."""
