"""The commands of ``kehoach``, one function each: parse what was typed, call, print. ``app.py`` lists them."""
