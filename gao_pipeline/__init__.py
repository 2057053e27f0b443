"""Facts people can trust from yearly government-information-disclosure reports."""

__version__ = "0.1.0"
