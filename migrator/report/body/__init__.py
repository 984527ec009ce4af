"""The parts of the body of a pull request, one module each."""
