"""Deliveries: the difference between what a recipient should have and what it accepted, rendered, packed and sent."""
