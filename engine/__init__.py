"""Learnscope's engine: nets, training, probes and runs; knows neither Streamlit nor the web."""
