"""The steps of the road, as plain functions: fetch, read, judge, gate, stage, merge, publish, deliver.

Here the rooms meet. A step takes a declaration and the claim checks of the step before it, does its work through the
rooms, and returns a claim check: small, JSON-able, naming files in the home. Airflow tasks and CLI verbs call the same
functions. Every step can be killed at any instruction and run again (law 5).
"""
