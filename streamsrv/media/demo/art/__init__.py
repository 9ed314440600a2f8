"""The illustrations, as vector shapes around their own centre, each built up over the beats it is shown.

The ground stands at y = 210; a drawing fits a circle of 372. None of them knows which scene it is in.
"""
