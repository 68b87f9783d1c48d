"""Blame: for every value of a title, now and before, who said it in which bytes, and why it won (FEATURES M7, MS2)."""
