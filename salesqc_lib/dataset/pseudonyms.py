"""People under pseudonyms: stable between runs, not to be guessed without the consultancy's key, and in every text where a name stands.

A name is found word by word, in the cases of Russian, in another order, with initials, in either alphabet, whatever stands between its
parts: a remark «передал А. Смирновой» names her as well as her own column does.
"""

import hashlib
import hmac
import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cached_property
from itertools import pairwise, permutations
from typing import Any, NamedTuple

DIGITS = 10  # hexadecimal ones of a pseudonym; more where two people would share them
_WORD = re.compile(r"[^\W\d_]+(?:['’ʹʼ][^\W\d_]+)*")
_GAP = re.compile(r"[\s.,'’`\"()«»_+-]{0,4}")
# words of departments, which say nobody's name
_ROLES = frozenset(re.findall(r"\w+", """
    отдел отдела продаж продажи продаже продажам менеджер менеджеры менеджера старший младший группа команда офис админ администратор оператор колл центр кц робот бот
    система поддержка директор руководитель стажер маркетинг салон филиал склад партнер партнеры нет без ответственный общий резерв интернет магазин сервис
    sales team manager admin administrator office support system robot bot user account department group call center centre owner unassigned desk online inside
    продавец консультант специалист эксперт ведущий главный the and for test demo crm api service company partner partners"""))  # fmt: skip
# endings of the cases, after names in -а and -я, and after all others
_OF_HERS = frozenset(re.findall(r"\w+", "а я у ю е и ы ой ей ою ею ую юю ая яя ией"))
_OF_HIS = frozenset(re.findall(r"\w+", "а я у ю е и ы ь й м ой ом ем ым им ого его ому ему ов ев ами ями ах ях ам ям ыми ими ых их"))
_CALENDAR = frozenset(  # what a short name is more often than a name
    re.findall(
        r"\w+", "январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь march april may june august monday friday"
    )
)
_PLACES = frozenset(["north", "south", "east", "west", "field", "house", "new"])  # of «Sales North», and surnames as well
_LATIN = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "e", "ж": "zh", "з": "z", "и": "i", "й": "i", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p",
    "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f", "х": "h", "ц": "c", "ч": "ch", "ш": "sh", "щ": "sh", "ъ": "", "ы": "i", "ь": "", "э": "e", "ю": "u", "я": "a",
    "і": "i", "ї": "i", "є": "e", "ґ": "g", "ß": "s", "ł": "l", "ø": "o", "ı": "i", "đ": "d", "æ": "a", "œ": "o", "ä": "a", "ö": "o", "ü": "u",
}  # fmt: skip
_ALIKE = str.maketrans("acekmopxytbh", "асекморхутвн")  # Latin letters that look like Russian ones
_SPELLINGS = (("ue", "u"), ("oe", "o"), ("ae", "a"), ("iy", "i"), ("ii", "i"), ("shch", "sh"), ("sch", "sh"), ("tch", "ch"), ("kh", "h"), ("ts", "c"), ("tz", "c"), ("ya", "a"), ("ia", "a"), ("ja", "a"), ("yu", "u"), ("iu", "u"), ("ju", "u"),
              ("ye", "e"), ("ie", "e"), ("je", "e"), ("yo", "e"), ("jo", "e"), ("io", "e"), ("ph", "f"), ("ck", "k"), ("x", "ks"), ("w", "v"), ("j", "i"), ("y", "i"), ("ii", "i"), ("'", ""), ("’", ""), ("ʹ", ""), ("ʼ", ""))  # fmt: skip


class _Word(NamedTuple):
    start: int
    end: int
    key: str
    is_initial: bool
    is_russian: bool
    is_weak: bool  # without a capital, or a month: more often a word than a name


class Pseudonyms:
    """The pseudonyms of one client's people. `names` are the known ones, `others` further names of theirs (that of a code, a maiden name);
    `kept` are words of the client's own that no name hides, such as a stage that is called like somebody."""

    def __init__(
        self, key: bytes, client: str, names: Iterable[str] = (), kept: Iterable[str] = (), others: Mapping[str, str] | None = None
    ) -> None:
        self._key, self._client = key, client
        self._others = {_folded(other): name for other, name in (others or {}).items() if other.strip()}
        self.names = sorted({name for name in (*names, *(others or ())) if name.strip()})
        self._kept = {sound(word) for word in kept}

    def of_name(self, name: str) -> str:
        """The pseudonym of a person: the same for every way to write the name that differs in case, spaces and ё alone."""
        return self._of_known.get(_folded(name)) or self._hash(name, DIGITS)

    @property
    def all(self) -> list[str]:
        """The pseudonyms of the known names."""
        return sorted(set(self._of_known.values()))

    def text(self, text: str) -> str:
        """A text with every known name under its pseudonym; «…» where a word of it may be of several people."""
        plain = unicodedata.normalize("NFC", "".join(letter for letter in text if unicodedata.category(letter) != "Cf"))
        words = _words(plain)
        hits = [self._people_of(word) for word in words]
        if not any(hits):
            return text
        shown, last = "", 0
        for first, end, people in self._spans(plain, words, hits):
            shown += plain[last : words[first].start] + (people[0] if len(people) == 1 else "…")
            last = words[end - 1].end
        return shown + plain[last:]

    def within(self, value: Any) -> Any:
        """The same for every text inside lists and blocks."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            return {self.within(name): self.within(one) for name, one in value.items()}
        return type(value)(self.within(one) for one in value) if isinstance(value, list | tuple) else value

    def source(self, text: str, known: Iterable[str]) -> str:
        """The source of a cell, where names are not at hand: any words whose pseudonym is among the known ones."""
        known = set(known)
        words = list(re.finditer(r"\w+(?:['’.-]\w+)*", text))
        shown, last, at = "", 0, 0
        while at < len(words):
            size = next(
                (
                    n
                    for n in (5, 4, 3, 2, 1)
                    if at + n <= len(words) and self.of_name(text[words[at].start() : words[at + n - 1].end()]) in known
                ),
                0,
            )
            if size:
                shown += text[last : words[at].start()] + self.of_name(text[words[at].start() : words[at + size - 1].end()])
                last = words[at + size - 1].end()
            at += size or 1
        return shown + text[last:]

    @cached_property
    def _of_known(self) -> dict[str, str]:
        folded = sorted({_folded(self._others.get(_folded(name), name)) for name in self.names})
        digits = DIGITS
        while len({self._hash(name, digits) for name in folded}) < len(folded):
            digits += 2  # two people would be one: all get longer ones
        found = {name: self._hash(name, digits) for name in folded}
        return found | {other: found[_folded(name)] for other, name in self._others.items()}

    def _hash(self, name: str, digits: int) -> str:
        made = hmac.new(self._key, f"{self._client}\0{_folded(name)}".encode(), hashlib.sha256).hexdigest()
        return f"M-{made[:digits].upper()}"

    def _parts(self, name: str) -> list[str]:
        """The words of a name that tell who it is."""
        bare = re.sub(r"\(.*?\)|@\S+", " ", unicodedata.normalize("NFC", name)) or name
        parts = [word for word in _WORD.findall(bare) if len(word) > 1]
        roles = _ROLES | _PLACES if any(word.lower() in _ROLES for word in parts) else _ROLES
        return [word for word in parts if word.lower() not in roles and sound(word) not in self._kept]

    @cached_property
    def _sounds(self) -> dict[str, set[str]]:
        """Each word of a name, as it sounds: the pseudonyms of those who bear it."""
        found: dict[str, set[str]] = {}
        for name in self.names:
            parts = self._parts(name)
            keys = {sound(word) for word in parts}
            keys |= {sound(piece) for word in parts for piece in re.split("['’ʹʼ]", word) if len(piece) > 2}  # O'Neill
            if len(parts) > 1:
                keys |= {sound("".join(order)) for order in permutations(parts[:3])}
                keys |= {sound(order) for one, other in permutations(parts[:3], 2) for order in (one[0] + other, other + one[0])}
            for key in keys:
                found.setdefault(key, set()).add(self.of_name(name))
        return found

    @cached_property
    def _cases(self) -> dict[str, set[str]]:
        """Each word of a name in the cases of Russian, as it sounds."""
        found: dict[str, set[str]] = {}
        for name in self.names:
            for word in self._parts(name):
                for form in _forms(sound(word), is_hers=word[-1].lower() in "ая"):
                    found.setdefault(form, set()).add(self.of_name(name))
        return found

    def _people_of(self, word: "_Word") -> tuple[str, ...]:
        """Whose name a word may be. A form that is one person's name and a case of another's is both's: «Иванова» may be Иванов's."""
        key = word.key
        if key in self._kept:
            return ()
        found = set(self._sounds.get(key, ()))
        if word.is_russian:
            found |= self._cases.get(key, set())
        if not word.is_russian and key.endswith("s"):  # Smith's
            found.update(self._sounds.get(key[:-1], ()))
        return tuple(sorted(found))

    def _spans(self, text: str, words: list[_Word], hits: list[tuple[str, ...]]) -> "list[tuple[int, int, tuple[str, ...]]]":
        """Words that are one name: its parts beside each other, with initials before or after them."""
        spans: list[tuple[int, int, tuple[str, ...]]] = []
        at = 0
        while at < len(words):
            if not hits[at]:
                at += 1
                continue
            people, end = hits[at], at + 1
            while end < len(words) and _are_near(text, words, end) and hits[end] and set(people) & set(hits[end]):
                people, end = tuple(sorted(set(people) & set(hits[end]))), end + 1
            if end - at == 1 and (
                len(words[at].key) < 3 or (words[at].is_weak and not (at and words[at - 1].is_initial))
            ):  # «Li» alone may be anything
                at = end
                continue
            after = end
            while after < len(words) and _is_more_of_it(words[after]) and _are_near(text, words, after) and after < end + 2:
                after += 1
            first = at
            while (
                first > 0
                and words[first - 1].is_initial
                and _are_near(text, words, first)
                and first > at - 2
                and (not spans or spans[-1][1] < first)
            ):
                first -= 1
            spans.append((first, after, people))
            at = after
        return spans


def sound(word: str) -> str:
    """A word as it sounds, in Latin letters, so that both alphabets and their many transliterations meet.

    >>> sound("Щербакова") == sound("Shcherbakova") == sound("Scherbakova"), sound("Юлия") == sound("Yulia") == sound("Iuliya")
    (True, True)
    """
    word = word.lower()
    if any("а" <= letter <= "я" or letter == "ё" for letter in word):
        word = word.translate(_ALIKE)
    told = "".join(_LATIN.get(letter, letter) for letter in word)
    told = "".join(letter for letter in unicodedata.normalize("NFKD", told) if not unicodedata.combining(letter))
    for spelled, same in _SPELLINGS:
        told = told.replace(spelled, same)
    return re.sub(r"(.)\1+", r"\1", told)


def _forms(key: str, *, is_hers: bool) -> set[str]:
    """The forms of a name of three letters or more, from how it sounds: «smirnova» also ends in -oi, -u, -e."""
    if len(key) < 3:
        return set()
    if is_hers:
        return {re.sub(r"[aeiou]$", "", key) + sound(ending) for ending in _OF_HERS}
    stems = {
        re.sub(r"[aeiou]$", "", key),
        re.sub(r"oi$", "", key),
        re.sub(r"[eo](?=[lvck]$)", "", key),
    }  # Андрей, Толстой, Павел and Кравец
    return {stem + sound(ending) for stem in stems for ending in _OF_HIS}


def _is_surname_like(key: str) -> bool:
    """Whether a word sounds like a surname, so that it is one without its capital too."""
    ending = r"(?:ov|ev|in|sk|ko|uk|an|dze|shvili|ich|enk|man|son)(?:a|oi|u|im|om|ogo|omu|i|e|m)?$"
    return len(key) >= 6 and bool(re.search(ending, key))


def _folded(name: str) -> str:
    plain = unicodedata.normalize("NFKC", "".join(letter for letter in name if unicodedata.category(letter) != "Cf"))
    return " ".join(plain.casefold().replace("ё", "е").split())


def _words(text: str) -> list[_Word]:
    """The words of a text; «AnnaSmith» is two."""
    found = []
    for match in _WORD.finditer(text):
        cuts = [
            cut.start() + 1
            for cut in re.finditer(r"(?<=[^\W\d_])(?=[^\W\d_])", match[0])
            if match[0][cut.start() - 1].islower() and match[0][cut.start()].isupper()
        ]
        edges = [0, *(cut - 1 for cut in cuts), len(match[0])]
        for start, end in pairwise(edges):
            word = match[0][start:end]
            found.append(
                _Word(
                    match.start() + start,
                    match.start() + end,
                    key := sound(word),
                    len(word) == 1 and word.isupper(),
                    bool(re.search("[а-яё]", word.lower())),
                    (word.islower() and not _is_surname_like(key)) or word.lower() in _CALENDAR,
                )
            )
    return found


def _is_more_of_it(word: _Word) -> bool:
    """An initial or a patronymic."""
    return word.is_initial or bool(re.search(r"(?:ov|ev)(?:na|ni|nu|noi|ich|icha|ichu|ichem)$|ichn[aiu]$", word.key))


def _are_near(text: str, words: list[_Word], at: int) -> bool:
    """Whether a word follows the one before it with nothing but spaces, dots and the like between them."""
    return bool(_GAP.fullmatch(text, words[at - 1].end, words[at].start))
