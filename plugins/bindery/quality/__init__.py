"""Quality: the rule registry over ``expectations/``, the judge, the gates."""
