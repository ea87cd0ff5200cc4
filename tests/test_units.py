from salesqc_lib.units import write, write_duration, write_money, write_percent


def test_numbers_are_written_as_each_language_does() -> None:
    assert write_percent(0.6315, "ru") == "63,2\u00a0%"
    assert write_percent(0.6315, "en") == "63.2%"
    assert write_money(1153214, "en", "USD") == "$1,153,214"
    assert write_money(350000.5, "ru", "RUB") == "350\u00a0000\u00a0₽"
    assert write_money(12.5, "en", "GBP") == "£12.50"


def test_times_take_the_unit_a_person_would_use() -> None:
    assert write_duration(45, "en") == "45\u00a0s"
    assert write_duration(2700, "en") == "45\u00a0min"
    assert write_duration(5400, "ru") == "1,5\u00a0ч"
    assert write_duration(51.8 * 86400, "en") == "51.8\u00a0d"


def test_a_missing_value_is_a_dash_and_never_zero() -> None:
    assert write(None, "share", "en") == "—"
    assert write(float("nan"), "money", "ru", "RUB") == "—"
