"""Twelve attempts to have the browser run something, or ask another host for something.

Each sets a canary, ``window.hacked``, if it succeeds, or is seen among the hosts that were called. All are shorter than
any name may be, and differ from each other within their first forty characters, to which some sinks cut them.
"""

FOREIGN = "evil.example"
PAYLOADS = (
    "<script>window.hacked=1</script>",
    "<img src=x onerror=window.hacked=2>",
    "<svg onload=window.hacked=3>",
    '"><b onmouseover=window.hacked=4>x',
    "<iframe srcdoc='<script>parent.hacked=5</script>'>",
    "[x](javascript:window.hacked=6)",
    f"![x](http://{FOREIGN}/7.png)",
    "<a href='javascript:window.hacked=8'>x</a>",
    "{{constructor.constructor('hacked=9')()}}",
    "$\\href{javascript:window.hacked=10}{x}$",
    "<math><mi xlink:href='javascript:hacked=11'>x",
    f"</style><style>@import'http://{FOREIGN}/12'",
)
MARKUP = "[onerror], [onload], [onmouseover], [srcdoc], [href^='javascript:'], iframe, math mi[href]"
"""Elements that none of our pages has by itself."""
