"""Figures as ratios, each measured against its own yardstick in the same run: ``make bench``."""
