"""Bindery on one machine: its environment, its processes, and the demo. Airflow is only run here, never imported."""
