"""Names in unusual scripts, with symbols, marks and letters that no font has: what people and attackers put into a CRM."""

SCRIPTS = {
    "emoji": "Anna 😀", "family": "👨‍👩‍👧‍👦 Family", "flag": "🇷🇺 Team", "skin": "👍🏽 ok", "keycap": "1️⃣ First", "heart": "❤️ Kunde", "new emoji": "🫨 🫠 🪿", "text emoji": "☎ ✈ ⚙",
    "Chinese": "王小明 销售", "traditional": "陳大文 銷售", "Japanese": "山田太郎 キッチン", "Korean": "김철수 영업", "Arabic": "أحمد محمد", "Arabic marks": "مُحَمَّد", "Hebrew": "יוסף כהן",
    "Hebrew points": "שָׁלוֹם", "Thai": "สมชาย ที่ปรึกษา", "Hindi": "हिन्दी विक्रेता", "Bengali": "বাংলা", "Tamil": "தமிழ்", "Armenian": "Արմեն", "Georgian": "გიორგი", "Amharic": "አበበ",
    "Khmer": "ខ្មែរ", "Lao": "ລາວ", "Greek": "Γιώργος", "Vietnamese": "Nguyễn Văn Đức", "Turkish": "İbrahim Şahin", "Kazakh": "Әлия Құдайберген", "Yakut": "Саҥа Ҕ", "old Cyrillic": "Ѳеодоръ ꙮ",
    "decomposed": "Андреи\u0306 Йо\u0308", "Zalgo": "Z\u0351\u036b\u0343a\u0321\u034al\u0334g\u0337o\u0336", "mathematical": "𝓐𝓷𝓷𝓪 𝔹𝕠𝕓", "fullwidth": "Ａｎｎａ", "small capitals": "ᴀɴɴᴀ", "upside down": "ɐuu∀",
    "box": "■□▲▼◆", "arrows": "→⇒⟶⟹", "currency": "€ ₽ ₸ ₴ ₿ ﷼", "fractions": "½ ⅔ ⁵⁄₈", "roman": "Ⅷ ⅻ", "Braille": "⠃⠗⠇", "music": "𝄞 ♫", "chess": "♔♛", "cards": "🂡 🃏", "domino": "🁫",
    "cuneiform": "𒀀𒀁", "hieroglyphs": "𓀀𓁐", "rare Chinese": "𠮷野家", "unassigned": "\u0378x", "noncharacter": "a\ufdd0b\ufffe", "private": "a\ue000b", "tag letters": "a\U000e0041b",
    "replacement": "a\ufffdb", "control": "a\x01\x07\x1bb", "delete": "a\x7fb", "C1": "a\x9bb", "BOM inside": "a\ufeffb", "zero width": "a\u200bb\u200c\u200dc", "soft hyphen": "An\u00adna", "word joiner": "a\u2060b",
    "override": "\u202egnp.exe", "isolates": "\u2067abc\u2069", "embedding": "\u202babc\u202c", "line separators": "a\u2028b\u2029c", "vertical tab": "a\x0bb\x0cc", "next line": "a\x85b", "Hangul filler": "a\u3164b",
    "dollars": "$x$ and $\\frac{1}{2}$", "one dollar": "100$", "underscores": "a_b^c_{d}", "backslashes": "\\newcommand \\x", "braces": "{x} {{y}} %s %d", "hashes": "#set page #eval(\"1\")", "at": "@label <label>",
    "Markdown": "**b** `c` [d](e) ![f](g)", "quotes": "\"a\" 'b' «c» “d”", "entity": "&lt;b&gt; &#x41; &amp;", "long word": "Ы" * 140, "long text": "слово " * 25, "newlines": "a\nb\r\nc\td",
}  # fmt: skip
