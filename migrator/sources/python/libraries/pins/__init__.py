"""What the files of a project say of the versions of distributions: requirement files, project files, locks."""
