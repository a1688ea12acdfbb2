"""Ways to narrow a gap between groups, judged on people none of them has seen."""
