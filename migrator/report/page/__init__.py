"""The HTML page: `documents` reads JSON reports into the nouns of `view`, `sheet` writes those as one file.

What only a run knows, the pods' lives and the files' contents, is added where there is a run (`html.render`).
"""
