"""Which Learnscope this is: written into the files that one takes away."""

VERSION = "0.1.0"
