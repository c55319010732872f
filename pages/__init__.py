"""The pages of Learnscope: one script per lab, a table of contents each; what they share is in ``ui``."""
