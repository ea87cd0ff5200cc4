"""The funnel and what each step costs: lead → qualified → key event set → key event held → contract → act.

A step is reached when it or any later one is. Non-target deals are no leads and leave every denominator.
"""
