"""Recommendations: what to do about the findings, for whom, in which order, and how one will know."""

from salesqc_lib.recommendations.actions import ACTIONS, Action
from salesqc_lib.recommendations.recommend import Recommendation, Recommendations, recommend

__all__ = ["ACTIONS", "Action", "Recommendation", "Recommendations", "recommend"]
