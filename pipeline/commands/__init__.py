"""The commands of ``kehoach``, one function each: parse what was typed, call, print. ``cli.py`` lists them."""
