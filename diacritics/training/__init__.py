"""How the artefact in ``diacritics/data`` is made; nothing here is needed to restore text."""
