"""Who is not to be named is named nowhere, and no contact is anywhere: searched for in every file of every report, in forty spellings of each."""

import json
import re
import unicodedata
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pypdf
import pytest

from salesqc_lib.contacts import without_contacts
from salesqc_lib.dataset.pseudonyms import Pseudonyms
from salesqc_lib.params.key import key
from salesqc_lib.report.render import Job, render
from tests.conftest import ROOT

PHONES = [
    "+7 916 123-45-67", "8 916 123-45-67", "8(916)1234567", "8 (916) 123 45 67", "89161234567", "+79161234567", "7 916 123 45 67", "79161234567", "9161234567", "916 123-45-67", "916.123.45.67",
    "8.916.123.45.67", "8_916_123_45_67", "8/916/123/45/67", "8 916 1234567", "8-916-123-45-67", "8–916–123–45–67", "8\xa0916\xa0123\xa045\xa067", "+7(916)123-45-67 доб. 12", "８９１６１２３４５６７", "8 9 1 6 1 2 3 4 5 6 7",
    "(8)916-123-45-67", "00 7 916 123 45 67", "007-916-123-45-67", "8916 123 4567", "8 916 12 34 567", "тел.916-45-67", "tel:+79161234567", "моб 9161234567", "whatsapp 89161234567", "8·916·123·45·67", "8*916*123*45*67",
    "8 9161 23 45 67", "٨٩١٦١٢٣٤٥٦٧", "тел: 8-9О6-916-45-67", "8\u200b916\u200b1234567", "8 916\u2009123\u200945\u200967", "8 916\u2011123\u201145\u201167", "+7-916-123-4567", "8.(916).123.4567", "тел89161234567", "Тел.: 8 (916) 123–45–67;", "89161234567,",
]  # fmt: skip
MAILS = [
    "anna@firm.ru", "anna.b+x@mail.firm.co.uk", "anna @ firm.ru", "anna(at)firm.ru", "anna [at] firm [dot] ru", "anna at firm dot ru", "anna собака firm точка ru", "ANNA@FIRM.RU", "анна@почта.рф", "anna＠firm．ru", "anna%40firm.ru",
    "mailto:anna@firm.ru", "<anna@firm.ru>", '"anna b"@firm.ru', "anna@[127.0.0.1]", "anna@xn--80a1acny.xn--p1ai", "anna&#64;firm.ru", "anna{at}firm.ru", "o'anna@firm.ie", "anna@firm .ru", "an\u200bna@firm.ru", "anna(собака)firm(точка)ru",
]  # fmt: skip
HANDLES = [
    "@anna_b", "t.me/anna_b", "https://t.me/anna_b", "wa.me/79161234567", "vk.com/anna123", "skype: anna.b1", "telegram: @anna", "tg:@anna", "tg://resolve?domain=anna", "instagram.com/anna.b", "https://www.facebook.com/anna.b",
    "m.me/anna", "linkedin.com/in/anna-b", "viber://chat?number=79161234567", "скайп: live:anna_1", "тг @anna", "vk: anna12345", "https://api.whatsapp.com/send?phone=79161234567", "телеграм @anna", "Instagram: @anna.b",
]  # fmt: skip
STAY = [
    "2022-03-01 19:23:23.390000", "Auftrag 12345678", "Rechnung 2024-0815", "Angebot 4711/2024",
    "Deal 1016039512", "2026-10-05", "10 005 534", "ISO 9001:2015", "a@b", "12345678901234567890", "order 2026-0001234 of 02.09.2024 18:37, 1 200 000,50", "Telegram: реклама", "Telegram: ads", "Instagram direct", "2 шт @ 350", "ИНН 7707083893",
    "р/с 40702810938000060473", "КП №45 от 12.10.2026 на 1 250 000 руб", "02.09.2024 18:37:18", "look at example.com", "350 000 – 400 000", "ГОСТ 30493-2017", "Договор 2026/10/05-123", "54.123456, 37.654321", "10.20.30.40:8080", "3.5@7.2 x",
]  # fmt: skip
PEOPLE = ["Анна Смирнова", "Щербаков Пётр", "Юлия Емельянова", "John O'Neill", "Mary-Jane Watson"]


@pytest.mark.parametrize("contact", [*PHONES, *MAILS, *HANDLES])
@pytest.mark.parametrize("around", ["{}", "звонить {} срочно", "({})", "Заказ 12: {}, от 02.09.2024", "a\n{}\nb"])
def test_a_contact_is_found_in_every_spelling(contact: str, around: str) -> None:
    shown = without_contacts(around.format(contact), "RU")
    assert not re.search(r"anna|анна|916|９１６|٩١٦", shown, re.IGNORECASE), shown
    assert without_contacts(shown, "RU") == shown


@pytest.mark.parametrize("text", STAY)
@pytest.mark.parametrize("country", ["RU", "DE", "FR", None])
def test_what_is_no_contact_stays(text: str, country: str | None) -> None:
    assert without_contacts(text, country) == text


@pytest.mark.parametrize(
    ("text", "country"), [("call 020 7946 0958", "GB"), ("(212) 555-2368", "US"), ("030 1234567", "DE"), ("06 12 34 56 78", "FR"), ("8 701 123 45 67", "KZ"), ("044 123 4567", "UA"), ("7911 123456", "GB"), ("0151 12345678", "DE"), ("22 22 22 22", "NO")]
)  # fmt: skip
def test_a_phone_of_the_clients_country(text: str, country: str) -> None:
    assert not re.search(r"\d", without_contacts(text, country))


def spellings(name: str) -> Iterator[str]:
    """A name as people write it: orders, initials, cases, alphabets, separators."""
    parts = name.split()
    for order in (parts, parts[::-1]):
        for mark in (" ", "  ", "\xa0", "_", "-", ".", ", ", " \u200b", "+"):
            yield mark.join(order)
        yield "".join(order)
        yield "".join(part.capitalize() for part in order)
    yield name.upper()
    yield name.lower()
    yield name.title()
    yield unicodedata.normalize("NFD", name)
    yield name.replace("ё", "е").replace("е", "ё", 1)
    first, last = parts[0], parts[-1]
    for one, other in ((first, last), (last, first)):
        yield f"{one[0]}. {other}"
        yield f"{other} {one[0]}."
        yield f"{one[0]}.{other}"
        yield f"{other} {one[0]}. И."
        yield other
    yield "".join(letter + "\u00ad" for letter in last)


RUSSIAN_CASES = ["передал Смирновой", "от Смирновой А.", "Анне Смирновой", "с Анной Смирновой", "Смирновою", "звонил Петру Щербакову", "без Щербакова", "Щербаковым", "для Юлии", "Юлией Емельяновой", "Smirnova Anna", "A. Smirnova", "Shcherbakov", "Scherbakov P.", "Emelyanova", "Yulia Emel'yanova", "Iuliia", "Мэри-Джейн"]  # fmt: skip


@pytest.mark.parametrize("name", PEOPLE)
def test_a_name_is_found_in_every_spelling(name: str) -> None:
    masks = Pseudonyms(key(), "acme", PEOPLE)
    every = list(spellings(name))
    assert len(every) >= 36
    tokens = [word.lower() for word in re.findall(r"[^\W\d_]{3,}", name)]
    for spelling in every:
        shown = masks.text(f"передал {spelling} вчера").lower().replace("\u00ad", "").replace("\u200b", "")
        shown = unicodedata.normalize("NFC", shown).replace("ё", "е")
        assert not [token for token in tokens if token.replace("ё", "е") in shown], (spelling, shown)


@pytest.mark.parametrize("text", RUSSIAN_CASES[:-1])
def test_a_name_is_found_in_its_cases_and_in_the_other_alphabet(text: str) -> None:
    shown = Pseudonyms(key(), "acme", PEOPLE).text(text)
    assert not re.search(r"смирнов|щербаков|емельянов|юли|пётр|петр|анн|smirn|cherbak|emel|yul|iul|anna", shown, re.IGNORECASE), shown


def test_pseudonyms_are_keyed_stable_and_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    one = Pseudonyms(b"a" * 32, "acme", PEOPLE)
    assert one.all == Pseudonyms(b"a" * 32, "acme", PEOPLE).all, "between runs"
    assert not set(one.all) & set(Pseudonyms(b"b" * 32, "acme", PEOPLE).all), "not to be guessed from a list of names"
    assert not set(one.all) & set(Pseudonyms(b"a" * 32, "other", PEOPLE).all), "nor followed from client to client"
    assert all(re.fullmatch(r"M-[0-9A-F]{10,}", shown) for shown in one.all)
    assert one.of_name("АННА  смирнова") == one.of_name("Анна Смирнова")
    monkeypatch.setattr("salesqc_lib.dataset.pseudonyms.DIGITS", 2)
    many = Pseudonyms(b"a" * 32, "acme", [f"Seller {i}" for i in range(300)])
    assert len(set(many.all)) == 300, "never two people in one, however short"


def test_words_that_only_sound_like_somebody_stay() -> None:
    masks = Pseudonyms(key(), "acme", ["Мария Новая", "Отдел продаж", "Лев Ким"], kept=["Новая"])
    for text in ("Заявка новая", "отдел продаж думает", "Марина", "новое окно", "клей"):
        assert masks.text(text) == text


def every_text(folder: Path) -> Iterator[tuple[str, str]]:
    """Every file below a folder as text: PDFs as they are read out, workbooks unpacked."""
    for file in sorted(folder.rglob("*")):
        name = str(file.relative_to(folder))
        if file.is_dir():
            continue
        if file.suffix == ".pdf":
            reader = pypdf.PdfReader(file)
            yield name, "\n".join(page.extract_text() for page in reader.pages) + str(reader.metadata) + str(reader.outline)
        elif zipfile.is_zipfile(file):
            with zipfile.ZipFile(file) as book:
                yield name, "\n".join(book.read(part).decode("utf-8", "ignore") for part in book.namelist())
        else:
            text = file.read_bytes().decode("utf-8")
            yield name, re.sub(r"data:font/woff2;base64,[\w+/=]+", "", text)


def written(text: str) -> set[str]:
    """A text as files may hold it: as it is, in JSON, in addresses, in HTML."""
    return {
        text,
        json.dumps(text)[1:-1],
        quote(text),
        text.replace("'", "&#x27;"),
        text.encode("ascii", "xmlcharrefreplace").decode(),
        text.upper(),
        text.lower(),
    }


@pytest.mark.slow
def test_nobody_is_named_in_any_file_of_any_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A client who writes names and contacts into every text there is; every template, every format."""
    folder = tmp_path / "project"
    (folder / "data" / "Смирнова").mkdir(parents=True)
    (folder / "params").mkdir()
    remarks = [*RUSSIAN_CASES[:8], *PHONES[:10], *MAILS[:6], *HANDLES[:6]]
    lines = ["deal_id,created_at,manager,channel,product,stage,outcome,closed_at,amount,loss_reason,contract_at"]
    for i in range(240):
        won, who = i % 3 == 0, PEOPLE[i % len(PEOPLE)]
        day = f"2026-0{i % 6 + 1}-{i % 27 + 1:02}"
        remark = "" if won else f"{remarks[i % len(remarks)]} думает"
        channel = ("site", "Смирнова рекомендует", "Авито anna@firm.ru")[i % 3]
        lines.append(
            f'{i},{day},"{who}","{channel}","Кухня {PEOPLE[i % 5].split()[0]}","{"Договор" if won else "Отказ"}",{"won" if won else "lost"},{day},{1000 + i},"{remark.replace(chr(34), "")}",{day if won else ""}'
        )
    (folder / "data" / "Смирнова" / "deals.csv").write_text("\n".join(lines), encoding="utf-8")
    acts = ["activity_id,kind,at,deal_id,manager,direction,result,duration_s"]
    acts += [f'a{i},call,2026-0{i % 6 + 1}-{i % 27 + 1:02},{i},"{PEOPLE[i % 5].upper()}",out,conversation,90' for i in range(240)]
    (folder / "data" / "Смирнова" / "activities.csv").write_text("\n".join(acts), encoding="utf-8")
    (folder / "data" / "Смирнова" / "managers.csv").write_text(
        "manager,name,team\n" + "\n".join(f'"{who}","{who}","Команда {PEOPLE[0].split()[1]}"' for who in PEOPLE), encoding="utf-8"
    )
    (folder / "params" / "acme.yaml").write_text(
        'client: {id: acme, name: Acme}\nreport: {language: ru, currency: RUB, timezone: Europe/Moscow, mask_names: true, remarks: {people: "Анна Смирнова работает с мая"}}\n'
        "source: {kind: tables, folder: ../data/Смирнова, as_of: 2026-07-01}\nloss_reasons: {Смирновой не дозвонились: no_contact}\nstages: {Договор: contract, Отказ: lost}\n",
        encoding="utf-8",
    )
    monkeypatch.chdir(folder)
    for template in ("audit", "dashboard", "manager", "readiness"):
        settings = (("manager", "Анна Смирнова"),) if template == "manager" else ()
        outcome = render(
            Job("acme", "2026-Q2", folder / "output", ROOT / "notebooks" / f"{template}.ipynb", ("html", "pdf", "xlsx"), settings=settings)
        )
        assert outcome.status == "ok", outcome.message
    seen = dict(every_text(folder / "output"))
    assert {"acme/2026-Q2/audit.pdf", "acme/2026-Q2/audit.xlsx", "acme/2026-Q2/manager.ipynb"} <= set(seen)
    assert any("M-" in text for text in seen.values())
    wanted = {spelling for name in PEOPLE for spelling in spellings(name) if len(spelling) > 5 and "+" not in spelling}
    wanted |= {*PHONES, *MAILS, *HANDLES, *RUSSIAN_CASES[:-1]}
    forms = {form for text in wanted for form in written(text)}
    for name, text in seen.items():
        found = [form for form in forms if form in text or form in name]
        assert not found, (name, found[:5])
        assert not re.search(r"смирнов|щербаков|емельянов|o'?neill|watson", unicodedata.normalize("NFC", name + text), re.IGNORECASE), name
    assert not (folder / ".salesqc").exists() or not any((folder / "output").rglob("key"))


BESIDE = [
    "Иванов Пётр",
    "Иванова Анна",
    "Андрей Петров",
    "Павел Толстой",
    "Kate West",
    "Andreas Müller",
    "Том Лев",
    "Anna Price",
    "Смирнова Ольга (Москва)",
    "Tom Lang",
]


@pytest.mark.parametrize(
    "text",
    [
        "any discount?",
        "в том числе",
        "левая створка",
        "price too high",
        "langes Sofa",
        "из Москвы",
        "марка бетона",
        "Sofa any 0",
        "продавец не перезвонил",
    ],
)
def test_ordinary_words_are_nobody(text: str) -> None:
    assert Pseudonyms(key(), "acme", BESIDE).text(text) == text


@pytest.mark.parametrize("text", ["жалоба на Иванова", "жалоба на Иванову"])
def test_a_word_of_two_people_names_neither(text: str) -> None:
    shown = Pseudonyms(key(), "acme", BESIDE).text(text)
    assert "…" in shown
    assert "M-" not in shown


@pytest.mark.parametrize(
    "text", ["Передал с Андреем", "отдал Павлу", "от Толстого ушёл", "вопрос к Mr West", "Mueller", "A. Mueller", "Kate West called"]
)
def test_cases_and_spellings_that_were_missed(text: str) -> None:
    shown = Pseudonyms(key(), "acme", BESIDE).text(text)
    assert not re.search("андре|павл|толст|west|mueller", shown, re.IGNORECASE), shown


@pytest.mark.parametrize(
    "text",
    [
        "375291234567",
        "998901234567",
        "тг anna_smirnova2",
        "skype anna.b1",
        "icq 123456789",
        "№89161234567",
        "т. 234-56-78",
        "anna(собачка)firm.ru",
        "tiktok.com/@anna_b",
    ],
)
def test_contacts_that_were_missed(text: str) -> None:
    assert not re.search(r"anna|\d{3}", without_contacts(f"звонить {text} завтра", "RU"))


@pytest.mark.parametrize(
    "text",
    ["бюджет 9 500 000 000", "Договор 80000012345", "телефоны 100 000 руб", "мобильный 120 000 р", "ИНН 9102012345", "заказ 9161234567"],
)
def test_numbers_of_something_else_stay(text: str) -> None:
    assert without_contacts(text, "RU") == text


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("iPhone 15 Pro Max 256GB", "RU"), ("Nike Air Max 90", "US"), ("Samsung WA 65", "RU"), ("Kobold VK 200", "DE"), ("Скидка max 20%", "RU"), ("max 20 000", "RU"), ("Lieferung max 14 Tage", "DE"), ("ВК 2024", "RU"),
        ("телефон 1500000 руб", "RU"), ("участок 10 сот. 2500000 руб", "RU"), ("5 т. 1200000 руб", "RU"), ("Телефон 10-12 000 рублей", "RU"), ("Tel. 1.200.000 €", "DE"), ("тел 15 000 000 руб", "RU"), ("Код товара 9161234567", "RU"),
        ("лид 9161234567", "RU"), ("сделка №9161234567", "RU"), ("Договор от 12.10.2026 № 9123456789", "RU"), ("выручка 9123456789.50", "RU"), ("9123456789,50", "RU"), ("300-400-5000 мм", "RU"), ("Kundennr. 01761234567", "DE"),
        ("Vertragsnr. 030 1234567", "DE"), ("SKU 2125552368", "US"), ("EAN 04012345678901", "DE"), ("2024-0815-1234", "DE"), ("budget 2125552368", "US"),
    ],
)  # fmt: skip
def test_what_a_second_reader_saw_deleted_stays(text: str, country: str) -> None:
    assert without_contacts(text, country) == text


@pytest.mark.parametrize(
    "text",
    [
        "anna.b собака mail.ru",
        "https://m.vk.ru/anna",
        "vk.ru/id12345anna",
        "tg: annab",
        "телега: anna.b",
        "t.me / anna_b",
        "threads.net/@anna",
        "anna (at) firma (punkt) de",
    ],
)
def test_what_a_second_reader_saw_left_goes(text: str) -> None:
    assert "anna" not in without_contacts(f"звонить {text} завтра", "RU")


HEAD = (
    "client: {id: small, name: Small}\nreport: {language: ru, currency: RUB, timezone: Europe/Moscow, mask_names: %s, show_contacts: %s}\n"
)
TWINS = """\
deal_id,created_at,manager,pipeline,stage,channel,team,loss_reason,outcome,closed_at,city
1,2026-01-05,Анна Смирнова,Воронка Иванова,Передан Анне,Партнёр Анна,Команда Ким А,Анна не перезвонила,lost,2026-01-09,Ян Ли
2,2026-01-05,Анна Смирнова,Воронка Ивановой,Передан Смирновой,Партнёр Анне,Команда Ким О,Смирнова не перезвонила,lost,2026-01-09,Ли Ян
3,2026-01-06,Пётр Иванов,Воронка Иванова,Передан Анне,Реклама Ким,Команда Ким А,Ушёл к Иванову,lost,2026-01-10,Ян Ли
4,2026-01-06,Анна Иванова,Воронка Иванова,Передан Смирновой,Реклама Кима,Команда Ким О,Ушёл к Ивановой,lost,2026-01-11,Ли Ян
5,2026-01-07,Ким Олег,Воронка Ивановой,Передан Анне,site,Команда Ким А,Ушли в vk.com/lazurit,lost,2026-01-12,Ян Ли
6,2026-01-07,Ким Анна,Воронка Ивановой,Передан Анне,site,Команда Ким О,Ушли к @lazurit,lost,2026-01-12,Ян Ли
"""
MAPS = """
stages: {Воронка Иванова / Передан Анне: qualified, Воронка Ивановой / Передан Анне: key_event_set, Передан Смирновой: key_event_held}
loss_reasons: {Анна не перезвонила: no_contact, Смирнова не перезвонила: our_fault, Ушёл к Иванову: price, Ушёл к Ивановой: product, Ушли в vk.com/lazurit: competitor, Ушли к @lazurit: competitor}
extra: {city: city}
"""


def test_masks_and_hidden_contacts_change_no_figure(tmp_path: Path) -> None:
    """Breakdowns by what names somebody or holds an address: as many values with as many rows, groups and milestones as without."""
    from salesqc_lib.dataset import Dataset
    from tests.conftest import write_company

    counted = {}
    for masks, contacts in (("false", "true"), ("false", "false"), ("true", "true"), ("true", "false")):
        folder = tmp_path / f"{masks}{contacts}"
        folder.mkdir()
        history = "deal_id,at,pipeline,stage\n" + "\n".join(
            ",".join(line.split(",")[i] for i in (0, 1, 3, 4)) for line in TWINS.splitlines()[1:]
        )
        data = Dataset.read(write_company(folder, deals=TWINS, stage_events=history, more=MAPS, head=HEAD % (masks, contacts)))
        columns = ("manager", "pipeline", "stage", "channel", "loss_reason", "loss_group", "city")
        counted[masks, contacts] = {
            column: sorted(row[0] for row in data.con.execute(f"SELECT count(*) FROM facts.deals GROUP BY {column}").fetchall())
            for column in columns
        } | {
            "reached": data.con.execute(
                "SELECT count(qualified_at), count(key_event_set_at), count(key_event_held_at) FROM facts.deals"
            ).fetchall()
        }
        assert data.con.execute("SELECT loss_group FROM facts.deals ORDER BY deal_id").fetchall() == [
            ("no_contact",),
            ("our_fault",),
            ("price",),
            ("product",),
            ("competitor",),
            ("competitor",),
        ]
    assert len({str(one) for one in counted.values()}) == 1, counted


def test_one_person_has_one_pseudonym(tmp_path: Path) -> None:
    """A code and its name, and a name that `values` replaced, are one."""
    from salesqc_lib.dataset import Dataset
    from tests.conftest import write_company

    deals = (
        "deal_id,created_at,manager,loss_reason,outcome\n1,2026-01-05,101,Смирнова не перезвонила,lost\n2,2026-01-05,102,Орлов занят,lost"
    )
    data = Dataset.read(
        write_company(tmp_path, deals=deals, managers="manager,name\n101,Смирнова Анна\n102,Олег Орлов", head=HEAD % ("true", "false"))
    )
    rows = data.con.execute("SELECT manager, loss_reason FROM canonical.deals ORDER BY deal_id").fetchall()
    assert [reason.split()[0] for _, reason in rows] == [manager for manager, _ in rows]
    masks = Pseudonyms(key(), "acme", ["Смирнова Анна"], others={"Петрова Анна": "Смирнова Анна"})
    assert masks.text("Петрова не перезвонила") == f"{masks.of_name('Смирнова Анна')} не перезвонила"
    assert len(masks.all) == 1
