"""Hostile files through the public doors, each in a process that may not reach out and whose memory is bounded."""
