"""What safety costs: the gate of texts over a million rows, and what hides people in one text.

.venv/bin/python benchmarks/safety.py
"""

from time import process_time

import duckdb

from salesqc_lib.contacts import without_contacts
from salesqc_lib.dataset.pseudonyms import Pseudonyms
from salesqc_lib.letters import UNSEEN_SQL

ROWS, COLUMNS, TEXTS = 1_000_000, 16, 5_000


def gate() -> float:
    con = duckdb.connect(config={"threads": 2})
    made = ", ".join(f"'Кухня №' || (i * {k}) || ' для клиента' AS c{k}" for k in range(COLUMNS))
    con.execute(f"CREATE TABLE t AS SELECT {made} FROM range({ROWS}) r(i)")
    start = process_time()
    counts = ", ".join(f"max(strlen(c{k})), count(*) FILTER (WHERE regexp_matches(c{k}, '{UNSEEN_SQL}'))" for k in range(COLUMNS))
    con.execute(f"SELECT {counts} FROM t").fetchall()
    return process_time() - start


def each(work: object, text: str) -> float:
    start = process_time()
    for number in range(TEXTS):
        work(text.format(number))  # type: ignore[operator]
    return (process_time() - start) / TEXTS * 1e6


if __name__ == "__main__":
    people = Pseudonyms(b"k" * 32, "acme", [f"Анна Смирнова{i}" for i in range(40)])
    print(f"the gate, {ROWS:,} rows of {COLUMNS} texts: {gate():.2f} s of CPU")
    print(f"contacts in «Кухня Осенняя №…»: {each(lambda text: without_contacts(text, 'RU'), 'Кухня Осенняя №{}'):.0f} µs")
    print(
        f"contacts in a text with a day and an id: {each(lambda text: without_contacts(text, 'RU'), 'Заявка {} от 02.09.2024 18:37:18'):.0f} µs"
    )
    print(f"contacts in a text with a phone: {each(lambda text: without_contacts(text, 'RU'), 'звонить 8 916 123-45-67 про {}'):.0f} µs")
    print(f"names of 40 people in a text: {each(people.text, 'Заявка {} Кухня Осенняя с доставкой по адресу'):.0f} µs")
