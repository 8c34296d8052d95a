"""Results against golden files, and the page in the browser where a person checks them. Knows only ``schemas``."""
