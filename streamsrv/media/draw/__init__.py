"""Pixels of overlays: shaped text, charts, pictures and codes, in fonts that ship with the package and no other."""
