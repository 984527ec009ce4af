"""`--interactive`: what may move is decided question by question, and what was decided is written together."""
