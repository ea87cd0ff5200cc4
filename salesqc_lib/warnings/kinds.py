"""Every kind of doubt, by its code: what was seen, what it changes in the report, and what to do. `docs/reference/warnings.md` is made of
this list."""

from dataclasses import dataclass
from typing import Literal

from salesqc_lib.words import Text

Weight = Literal["note", "doubt", "grave"]


@dataclass(frozen=True)
class Kind:
    """One kind of doubt. `weight`: a note leaves the grade of trust alone, a doubt lowers it, a grave one could change a headline and
    stands on the first page too."""

    code: str
    weight: Weight
    seen: Text
    changes: Text
    do: Text


def _kind(code: str, weight: Weight, seen: tuple[str, str], changes: tuple[str, str], do: tuple[str, str]) -> Kind:
    return Kind(code, weight, Text(*seen), Text(*changes), Text(*do))


_KINDS = (
    # 1xx: moments
    _kind(
        "W101", "note",
        ("У открытых сделок стоит дата закрытия: {n}. Это плановая дата", "Open deals carry a closing date: {n}. It is a planned one"),
        ("Такая дата считается ожидаемой: она не закрывает сделку и не сдвигает момент выгрузки", "Such a date is the expected one: it closes no deal and does not move the moment of the export"),
        ("Ничего, если дата и правда плановая; если сделки закрыты — поправьте соответствие исходов (values.outcome)", "Nothing, if the date is a planned one; if the deals are closed, mend the map of outcomes (values.outcome)"),
    ),
    _kind(
        "W102", "doubt",
        ("Отдельно стоящих моментов после {until}: {n}, самый поздний — {latest}", "Moments that stand alone after {until}: {n}, the latest on {latest}"),
        ("Моментом выгрузки они не считаются: отчёт стоит на {until}", "They are not taken for the moment of the export: the report stands at {until}"),
        ("Исправьте даты в CRM или задайте момент выгрузки сами: source.as_of", "Mend the dates in the CRM, or give the moment of the export: source.as_of"),
    ),
    _kind(
        "W103", "doubt",
        ("Событий позже момента выгрузки: {n} ({column})", "Events later than the export: {n} ({column})"),
        ("Они отложены как «будущие» и ни на что не влияют", "They are set aside as «in the future» and move nothing"),
        ("Если это не опечатки и не планы, задайте верный момент выгрузки: source.as_of", "If they are neither typing errors nor plans, give the right moment of the export: source.as_of"),
    ),
    _kind(
        "W104", "note",
        ("В столбце {column} только даты, без времени", "The column {column} holds dates without a time"),
        ("Закрытие считается концом дня, сравнения идут по дням; сроки в часах по этому столбцу не даются", "A closing counts as the end of its day, comparisons go by days; times in hours that need this column are not given"),
        ("Если CRM знает время, выгрузите столбец с временем", "If the CRM knows the time of day, export the column with it"),
    ),
    _kind(
        "W105", "grave",
        ("Выигранных сделок без даты закрытия: {n} из {all}, на {money}", "Won deals without a closing date: {n} of {all}, worth {money}"),
        ("Они входят в период, только если могли быть выиграны лишь в нём; иначе договоры и выручка даны с границами", "They count in a period where they can have been won in it alone; elsewhere contracts and revenue come with bounds"),
        ("Проставьте даты в CRM; dates.undated: created или exclude решит иначе", "Fill in the dates in the CRM; dates.undated: created or exclude decides otherwise"),
    ),
    _kind(
        "W106", "doubt",
        ("Проигранных сделок без даты закрытия: {n} из {all}", "Lost deals without a closing date: {n} of {all}"),
        ("Ни в одном периоде они не считаются закрытыми; доля выигранных за период дана с границами", "They count as closed in no period; the win rate of a period comes with bounds"),
        ("Проставьте даты закрытия в CRM", "Fill in the closing dates in the CRM"),
    ),
    _kind(
        "W107", "note",
        ("Записи начинаются {first}{cycle}: до {complete} данные не полны", "The records begin on {first}{cycle}: before {complete} the data are not complete"),
        ("С более ранними периодами не сравниваем: {without}", "Earlier periods are not compared with: {without}"),
        ("Добавьте выгрузку за более ранние месяцы", "Bring the export of earlier months"),
    ),
    _kind(
        "W108", "doubt",
        ("Сделок, созданных одновременно, в одну минуту: {n} (таких минут: {minutes}, самая большая — {largest}): похоже на загрузку списком", "Deals created at once, within one minute: {n} (such minutes: {minutes}, the largest {largest}): it looks like a bulk import"),
        ("В показатели скорости они не входят; в остальные входят", "They are left out of the measures of speed, and count in the others"),
        ("Если это старые сделки из другой системы, исключите их: exclude", "If they are old deals of another system, leave them out: exclude"),
    ),
    _kind(
        "W109", "doubt",
        ("Последнее событие позже {what}: {latest}", "The latest event is later than {what}: {latest}"),
        ("Отчёт стоит на {until}, более поздние события отложены", "The report stands at {until}; later events are set aside"),
        ("Проверьте часовой пояс и даты; момент выгрузки задаёт source.as_of", "Check the time zone and the dates; source.as_of gives the moment of the export"),
    ),
    _kind(
        "W110", "doubt",
        ("Сделок, закрытых раньше создания: {n}", "Deals closed before they were created: {n}"),
        ("Из сроков они исключены, в счёт входят", "They are left out of times, and count in counts"),
        ("Проверьте, не внесены ли сделки задним числом", "Check whether these deals were entered after the fact"),
    ),
    _kind(
        "W111", "doubt",
        ("Сделок без даты создания: {n}", "Deals without a creation date: {n}"),
        ("Они не входят в заявки ни одного периода", "They are leads of no period"),
        ("Сопоставьте created_at со столбцом, который заполнен у всех", "Map created_at to a column that every deal has"),
    ),
    _kind(
        "W112", "grave",
        ("Журнал звонков и писем идёт с {first} по {last}: часть заявок он не видит", "The log of calls and messages runs from {first} to {last}: it does not see all leads"),
        ("Ответы и касания считаются только по заявкам, пришедшим за это время; где журнал не видит больше {days} д периода, число действий и заброшенных сделок не даётся; по действиям сравниваются только периоды, которые журнал видит целиком", "Answers and touches count the leads of that time alone; where the log misses more than {days} d of the period, numbers of activities and left-alone deals are not given; by activities, only periods that the log has in full are compared"),
        ("Выгрузите журнал за всё время сделок", "Export the log for all the time of the deals"),
    ),
    _kind(
        "W113", "grave",
        ("Ни одно действие ({n}) не является контактом человека по сделке: они не связаны со сделками или все автоматические", "None of the activities ({n}) is a human contact on a deal: they belong to no deal, or all are automatic"),
        ("Показатели ответов и контактов не даются", "Measures of answers and contacts are not given"),
        ("Проверьте deal_id и customer_id действий, direction и is_automatic", "Check deal_id and customer_id of the activities, direction and is_automatic"),
    ),
    _kind(
        "W114", "grave",
        ("Новые сделки кончаются {last}, а закрытия идут до {until}", "New deals end on {last}, while closings go on to {until}"),
        ("Заявок после этого дня в данных нет: их число и конверсии за более поздние дни неполны", "Leads of later days are not in the data: their number and conversions are incomplete"),
        ("Выгрузите сделки без фильтра по дате создания", "Export the deals without a filter on the creation date"),
    ),
    _kind(
        "W115", "grave",
        ("Момент выгрузки в параметрах ({as_of}) на {days} д позже последнего события", "The moment of the export in the parameters ({as_of}) is {days} d later than the last event"),
        ("Если данных за эти дни нет, последние дни периода выглядят пустыми", "If these days are not in the data, the last days of the period look empty"),
        ("Проверьте source.as_of или уберите его", "Check source.as_of, or leave it out"),
    ),
    _kind(
        "W116", "note",
        ("Журнал звонков и писем идёт с {first} по {last}: весь период он видит, остальное время сделок — нет", "The log of calls and messages runs from {first} to {last}: it has all of the period, not all the time of the deals"),
        ("По действиям период сравнивается только с тем, что видит журнал", "By activities, the period is compared only with what the log has"),
        ("Выгрузите журнал за всё время сделок", "Export the log for all the time of the deals"),
    ),
    _kind(
        "W117", "note",
        ("Период ещё идёт: данные доходят до {until}", "The period is not over: the data reach {until}"),
        ("Прошлый период и год назад взяты за столько же дней, поэтому их числа меньше полных", "The period before and the year before are taken over as many days: their figures are smaller than those of the whole"),
        ("Ничего; для итогов дождитесь конца периода", "Nothing; for totals, wait for its end"),
    ),
    # 2xx: rows and money
    _kind(
        "W201", "note",
        ("Выгрузки перекрываются: строк, заменённых более новыми, — {n}", "The exports overlap: rows replaced by newer ones: {n}"),
        ("У каждой записи одна строка, из самого нового файла", "Each record has one row, of the newest file"),
        ("Ничего: так и должно быть при ежемесячных выгрузках", "Nothing: monthly exports are like that"),
    ),
    _kind(
        "W202", "note",
        ("В одном файле есть записи с одинаковым номером: лишних строк {n}", "One file has records of the same id: rows too many: {n}"),
        ("Строки сведены в одну: {how}", "They are made one: {how}"),
        ("Если это товарные строки, задайте duplicates: sum", "If they are product rows, write duplicates: sum"),
    ),
    _kind(
        "W203", "note",
        ("Суммы в других валютах: {n} ({list})", "Amounts in other currencies: {n} ({list})"),
        ("Пересчитаны в валюту отчёта по курсам из параметров (rates)", "They are converted into the report's currency by the rates of the parameters (rates)"),
        ("Сверьте курсы с бухгалтерией", "Check the rates with the accounts"),
    ),
    _kind(
        "W204", "grave",
        ("Не прочитано значений в столбце {column}: {n} из {all} ({share}); например {examples}", "Values of {column} that cannot be read: {n} of {all} ({share}); such as {examples}"),
        ("Показатели, которым нужен этот столбец, посчитаны без них", "The measures that need this column are given without them"),
        ("Исправьте значения или задайте формат столбца (format, decimal)", "Mend the values, or give the column's form (format, decimal)"),
    ),
    _kind(
        "W205", "note",
        ("Не прочитано значений в столбце {column}: {n} из {all}; например {examples}", "Values of {column} that cannot be read: {n} of {all}; such as {examples}"),
        ("Эти ячейки пусты, строки остались", "These cells are empty; their rows stay where the column is not required"),
        ("Список — в rejected.csv", "rejected.csv lists them"),
    ),
    _kind(
        "W206", "note",
        ("Исключено по параметрам (exclude): {n}", "Left out by the parameters (exclude): {n}"),
        ("В отчёт они не входят", "They are in no figure"),
        ("Ничего; правило — в параметрах", "Nothing; the rule stands in the parameters"),
    ),
    _kind(
        "W207", "grave",
        ("Итоги CRM не сходятся с нашими: {list}", "The CRM's totals differ from ours: {list}"),
        ("Паспорт раскладывает разницу на части; необъяснённый остаток назван", "The passport explains the difference by its parts and names what is left unexplained"),
        ("Найдите остаток до сдачи отчёта: другой период, воронка или правило CRM", "Find what is left before handing the report over: another period, pipeline or rule of the CRM"),
    ),
    _kind(
        "W208", "note",
        ("Полных повторов строк: {n}", "Exact repetitions of rows: {n}"),
        ("Посчитаны один раз", "They are counted once"),
        ("Если это разные траты, добавьте в выгрузку столбец, который их различает", "If they are different ones, export a column that tells them apart"),
    ),
    _kind(
        "W209", "doubt",
        ("Столбца {column} нет в части файлов: {files}", "Some files lack the column {column}: {files}"),
        ("Показатели по этому столбцу считаются без строк этих файлов", "Measures that need the column are given without the rows of these files"),
        ("Выгрузите все файлы с одинаковыми столбцами", "Export all files with the same columns"),
    ),
    _kind(
        "W210", "doubt",
        ("Файл прочитан в кодировке {encoding}, не UTF-8 (пересохранён в Excel?)", "The file is read as {encoding}, not UTF-8 (was it saved again in Excel?)"),
        ("Если буквы выглядят неверно, имена и названия этапов испорчены", "If letters look wrong, names and stages are spoilt"),
        ("Задайте для файла encoding", "Set «encoding» for this file"),
    ),
    _kind(
        "W211", "doubt",
        ("Строк отложено: {n} из {all} ({share})", "Rows set aside: {n} of {all} ({share})"),
        ("В показатели они не входят", "They are in no figure"),
        ("Список с причинами — в rejected.csv", "rejected.csv lists them with their reasons"),
    ),
    _kind(
        "W213", "note",
        ("Отдельные строки отложены: {n} из {all}", "A few rows set aside: {n} of {all}"),
        ("В показатели они не входят", "They are in no figure"),
        ("Список с причинами — в rejected.csv", "rejected.csv lists them with their reasons"),
    ),
    _kind(
        "W214", "doubt",
        ("Строк с другим числом ячеек, чем в заголовке: {n}", "Lines with another number of cells than the header: {n}"),
        ("Они отложены и в показатели не входят", "They are set aside, and are in no figure"),
        ("Экспортируйте файл заново; чаще всего виноват разделитель внутри текста без кавычек", "Export the file again; mostly a delimiter inside a text without quotes is to blame"),
    ),
    _kind(
        "W215", "note",
        ("Столбец {column} пуст во всех строках", "The column {column} is empty in every row"),
        ("Он считается отсутствующим: показатели, которым он нужен, не даются", "It counts as absent: measures that need it are not given"),
        ("Сопоставьте столбец, который заполнен", "Map a column that is filled in"),
    ),
    _kind(
        "W216", "doubt",
        ("Записей из старых выгрузок нет в самой новой: {n}", "Records of older exports that the newest lacks: {n}"),
        ("Они посчитаны: новая выгрузка может быть неполной", "They are counted: the newest export may be a partial one"),
        ("Если их удалили в CRM, оставьте только новую выгрузку или исключите их (exclude)", "If they were deleted in the CRM, keep the newest export alone, or leave them out (exclude)"),
    ),
    _kind(
        "W217", "doubt",
        ("Правило exclude не нашло ни одной сделки: {name}", "A rule of exclude met no deal: {name}"),
        ("Ничего не исключено", "Nothing is left out by it"),
        ("Проверьте значение: оно сравнивается с ячейкой целиком, * заменяет любые буквы", "Check the value: it is compared with the whole cell, * stands for any letters"),
    ),
    _kind(
        "W218", "note",
        ("Строк, которые не записи, а итоги и подписи таблицы: {n} ({examples})", "Rows that are no records but totals and remarks of the table: {n} ({examples})"),
        ("Они не считаются", "They are not counted"),
        ("Ничего, если это так; строки — в rejected.csv", "Nothing, if it is so; the rows are in rejected.csv"),
    ),
    _kind(
        "W219", "grave",
        ("Файл обрывается посреди строки: {file}", "The file ends in the middle of a row: {file}"),
        ("Сколько строк потеряно, неизвестно; все суммы могут быть меньше настоящих", "Nobody knows how many rows are lost; all totals may be too small"),
        ("Выгрузите или скопируйте файл заново и дождитесь конца", "Export or copy the file again, and wait until it is whole"),
    ),
    _kind(
        "W220", "note",
        ("Ячеек с невидимыми и управляющими знаками: {n}", "Cells with invisible or control characters: {n}"),
        ("Эти знаки убраны", "These characters are removed"),
        ("Ничего; значит, тексты попадали в CRM через буфер обмена или из другой программы", "Nothing; the texts came into the CRM through a clipboard or another program"),
    ),
    _kind(
        "W221", "note",
        ("Слишком длинных текстов: {n} ({column})", "Texts that are too long: {n} ({column})"),
        ("Они сокращены; разные остались разными", "They are shortened; different ones stay different"),
        ("Проверьте, тот ли столбец сопоставлен", "Check that the right column is mapped"),
    ),
    _kind(
        "W212", "doubt",
        ("Договоров с отрицательной суммой: {n}, на {money}", "Contracts with a negative amount: {n}, worth {money}"),
        ("Они уменьшают выручку и средний чек", "They lower the revenue and the average deal"),
        ("Если это возвраты, всё верно; если ошибки — исправьте их в CRM", "If they are refunds, all is well; if not, mend them in the CRM"),
    ),
    # 3xx: people
    _kind(
        "W301", "note",
        ("Одно имя записано по-разному: {n}; например {examples}", "One name is written in several ways: {n}; such as {examples}"),
        ("Сведено к одному имени", "It is made one name"),
        ("Ничего; в CRM имя лучше поправить", "Nothing; the CRM's names are better mended"),
    ),
    _kind(
        "W302", "note",
        ("Почти одинаковые имена: {examples}", "Nearly equal names: {examples}"),
        ("Считаются разными людьми", "They count as different people"),
        ("Если это один человек, исправьте имя в CRM", "If they are one person, mend the name in the CRM"),
    ),
    _kind(
        "W303", "note",
        ("Ушли или не работают со сделками: {n} ({names})", "Gone, or accounts that do not work: {n} ({names})"),
        ("С остальными они не сравниваются и советов не получают; их открытые сделки — отдельное замечание", "They are no peers and get no advice; their open deals are a finding of their own"),
        ("Если человек работает, проверьте, от чьего имени пишутся звонки и закрытия", "If somebody of them works, check under which account their calls and closings are recorded"),
    ),
    _kind(
        "W304", "note",
        ("Сделок без ответственного: {n}", "Deals without a responsible seller: {n}"),
        ("В итогах отдела они есть, ни одному менеджеру не приписаны", "They count for the department and for no seller"),
        ("Назначьте ответственных", "Assign them"),
    ),
    _kind(
        "W305", "doubt",
        ("В журнале нет ни одного действия тех, кто подписывает договоры: {names}", "The log has not one activity of people who sign contracts: {names}"),
        ("Их сделки не входят в показатели ответов, касаний, возвратов и заброшенных сделок: сделано ли что-то, неизвестно", "Their deals are left out of measures of answers, touches, follow-ups and left-alone deals: nobody knows what was done"),
        ("Подключите к CRM их телефонию и почту или добавьте их журнал", "Connect their telephony and mail to the CRM, or add their log"),
    ),
    # 4xx: attributes
    _kind(
        "W401", "doubt",
        ("Столбец {column} заполняют только у выигранных: пуст у {lost} проигранных и у {won} выигранных", "The column {column} is filled in only after a win: empty in {lost} of the lost deals and {won} of the won ones"),
        ("Разбивка показана как состав договоров, без долей и оценок", "The breakdown is shown as a mix of contracts, without rates and verdicts"),
        ("Заполняйте поле при создании сделки", "Fill the field in when a deal is created"),
    ),
    _kind(
        "W402", "grave",
        ("Проигранных сделок нет вовсе (выигранных {won})", "No deal was ever lost (won: {won})"),
        ("Доля выигранных и причины отказов не даются", "The win rate and loss reasons are not given"),
        ("Выгрузите и проигранные сделки или проверьте соответствие исходов (values.outcome)", "Export the lost deals too, or check the map of outcomes (values.outcome)"),
    ),
    _kind(
        "W403", "grave",
        ("Выигранных сделок нет вовсе (проигранных {lost})", "No deal was ever won (lost: {lost})"),
        ("Доля выигранных и причины отказов не даются", "The win rate and loss reasons are not given"),
        ("Проверьте, какое слово в выгрузке значит «выиграна» (values.outcome)", "Check which word of the export means «won» (values.outcome)"),
    ),
    _kind(
        "W404", "grave",
        ("Выиграно {share} закрытых сделок: так почти не бывает", "{share} of the closed deals are won: that hardly ever is so"),
        ("Доля выигранных дана, но может быть следствием неверного соответствия исходов", "The win rate is given, and may come of a wrong map of outcomes"),
        ("Проверьте столбец исхода: «закрыта: да» ещё не «выиграна»", "Check the column of outcomes: «closed: yes» is not yet «won»"),
    ),
    _kind(
        "W405", "grave",
        ("Закрытых сделок с датой закрытия позже выгрузки: {n} из {all}", "Closed deals whose closing date is later than the export: {n} of {all}"),
        ("Такая дата не считается датой закрытия: договоры и выручка даны с границами", "Such a date is no closing date: contracts and revenue come with bounds"),
        ("Или closed_at — плановая дата, или момент выгрузки задан слишком рано: проверьте столбец и source.as_of", "Either closed_at is a planned date, or the moment of the export is too early: check the column and source.as_of"),
    ),
    _kind(
        "W406", "grave",
        ("У {share} закрытых сделок от создания до закрытия ровно {days} д", "{share} of the closed deals took exactly {days} d from creation to closing"),
        ("Время до договора ничего не значит", "Time to contract means nothing"),
        ("Похоже, closed_at проставляет система, а не менеджер: выберите другой столбец", "closed_at seems to be set by the system, not by a seller: choose another column"),
    ),
    _kind(
        "W408", "grave",
        ("Дата договора стоит у не выигранных сделок: {n} из {all} договоров", "A contract date stands on deals that are not won: {n} of {all} contracts"),
        ("Они посчитаны договорами: дата может быть плановой", "They are counted as contracts: the date may be a planned one"),
        ("Если это плановая дата, сопоставьте её с expected_close_at", "If the date is a planned one, map it to expected_close_at"),
    ),
    _kind(
        "W409", "grave",
        ("В данных нет ни одной открытой сделки ({n} закрытых): похоже на выгрузку только закрытых", "The data hold no open deal ({n} closed): it looks like an export of closed deals alone"),
        ("Заявки и конверсии неполны: незакрытых заявок не видно", "Leads and conversions are incomplete: those still open are not seen"),
        ("Выгрузите сделки во всех статусах", "Export the deals of every status"),
    ),
    _kind(
        "W407", "note",
        ("Нецелевых заявок (спам, дубли) во всех данных: {n}", "Non-target leads (spam, duplicates) in all data: {n}"),
        ("Они исключены из всех знаменателей", "They are left out of every denominator"),
        ("Ничего", "Nothing"),
    ),
)  # fmt: skip
WARNINGS: dict[str, Kind] = {kind.code: kind for kind in _KINDS}
