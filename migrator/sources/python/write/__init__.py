"""Operations on Python code: carried out on the text, and a second time on the syntax tree, which proves the first."""
