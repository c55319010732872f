"""The explorer of the text that words are learnt from: its tokens, its counts, who stands near whom, the tree; and
labels of texts.
"""
