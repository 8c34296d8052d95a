"""Fictitious plans to try the program on: their source, the typesetting and scanning of them, their golden answers."""
