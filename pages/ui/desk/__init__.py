"""The desk: what one person has before them in one lab, a spec and a run of it, from one rerun of the page to the next.

``slot`` keeps it in the session; ``settling`` brings it up to date at each rerun; ``address`` reads and writes it as
the page's address. What is done to it in between comes from the page's ``buttons`` and from the live panel
(``telling``).
"""
