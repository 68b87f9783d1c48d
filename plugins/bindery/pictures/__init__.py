"""Pictures that commands draw, as SVG."""
