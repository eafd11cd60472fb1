"""The graders that packages' code derives from."""

from .interactive import InteractiveGrader
from .standard import StandardGrader

__all__ = ["InteractiveGrader", "StandardGrader"]
