"""Figures: from the names of readings to Plotly figures with live bindings; no net, no page."""
