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
    f"<a href='javascript:hacked=8'>www.{FOREIGN}",
    "{{constructor.constructor('hacked=9')()}}",
    "$\\href{javascript:window.hacked=10}{x}$",
    f"<math><mi xlink:href='javascript:'>x@{FOREIGN}",
    f"</style><style>@import'http://{FOREIGN}/12'",
)
MARKDOWN = (
    ":material/home: icon",
    ":red[colour]",
    ":tada: picture",
    ":streamlit: sign",
    "a -> b <= c",
    "**bold**",
    "`code`",
    "~~struck~~",
    "$x^2$",
    "[^1]: note",
)
"""What Streamlit's Markdown would show otherwise; in text from outside each is to be read letter by letter."""
MARKUP = "[onerror], [onload], [onmouseover], [srcdoc], [href^='javascript:'], iframe, math mi[href], a[href*='evil']"
"""Elements that none of our pages has by itself."""
