"""Quality of conversations, from scorecards of listened calls and read letters. Criteria that did not apply leave the total."""

from salesqc_lib.facts import Facts, Mean, Share, Table
from salesqc_lib.kpi.card import CRITERION, MANAGER, MONTH, REVIEWER, TEAM, WEEK, kpi
from salesqc_lib.sources import AMOCRM, BRUTAL, OURS, PROCESSES
from salesqc_lib.units import PERCENT, SCORE
from salesqc_lib.words import Text

BY = (MANAGER, TEAM)
TRAIN = Text(
    "Обучите по критериям с самым низким баллом и переслушайте через месяц",
    "Train the criteria with the lowest score and listen again after a month",
)


@kpi(
    name=Text("Охват прослушкой", "Review coverage"),
    meaning=Text("Какая доля разговоров прослушана и оценена", "Which share of the conversations was listened to and scored"),
    unit=PERCENT, better="higher", source=BRUTAL, by=BY,
)  # fmt: skip
def review_coverage(activities: Facts, reviewed: Facts) -> Share:
    """Of calls of the period with a conversation, and meetings, those with a scorecard.

    Example
    -------
    activities  activity_id  kind  at     direction  result
                1            call  01-05  out        conversation
                2            call  01-06  out        conversation
                3            call  01-06  out        no_answer
    reviews     review_id  criterion  score  activity_id  at
                r1         greeting   1      1            01-07
    deals       created_at
                01-01
    result      1 / 2
    """
    held = activities.kind == "meeting"
    if activities.has("result"):
        held = held & (activities.result.is_null() | ~activities.result.is_in(["missed", "declined"]))
    talks = activities.at("at").amount(held | ((activities.kind == "call") & activities.is_conversation))
    return Share({"k": reviewed.at("at").amount(), "n": talks})


@kpi(
    name=Text("Балл разговоров", "Review score"),
    meaning=Text("Средний балл чек-листа прослушки, 0–100", "Mean score of the scorecards, 0–100"),
    unit=SCORE, better="higher", source=(BRUTAL, AMOCRM), by=(MANAGER, TEAM, WEEK, MONTH), advice=TRAIN, min_n=5,
)  # fmt: skip
def review_score(review_cards: Facts) -> Mean:
    """Mean over the cards of the period of the weighted score of the criteria that applied. A failed auto-fail criterion zeroes
    its card.

    Example
    -------
    reviews     review_id  criterion   score  weight  applicable  auto_fail  at
                r1         greeting    1      10      1           0          01-05
                r1         needs       0.5    30      1           0          01-05
                r1         objections  0      20      0           0          01-05
                r2         greeting    1      10      1           0          01-06
                r2         consent     0      5       1           1          01-06
    deals       created_at
                01-01
    result      31.25
    """
    return review_cards.at("at").mean(review_cards.score)


@kpi(
    name=Text("Работа с возражениями", "Objection handling"),
    meaning=Text("Балл по возражениям там, где они звучали", "Score of the handling of objections where any were raised"),
    unit=SCORE, better="higher", source=(BRUTAL, PROCESSES), by=BY, min_n=5,
    advice=Text("Соберите ответы на частые возражения и отработайте их в ролях", "Collect answers to the usual objections and practise them in role play"),
)  # fmt: skip
def objection_handling(review_cards: Facts) -> Mean:
    """Mean over the cards of the period on which a criterion of objections applied (`reviews.objections`).

    Example
    -------
    reviews     review_id  criterion   score  applicable  group       at
                r1         listened    1      1           objections  01-05
                r1         argued      0.5    1           objections  01-05
                r1         greeting    0      1           contact     01-05
                r2         listened    0      0           objections  01-06
    deals       created_at
                01-01
    result      75
    """
    return review_cards.at("at").mean(review_cards.objections)


@kpi(
    name=Text("Следование скрипту", "Script adherence"),
    meaning=Text("Балл по обязательным пунктам скрипта", "Score of the mandatory points of the script"),
    unit=SCORE, better="higher", source=BRUTAL, by=BY, advice=TRAIN, min_n=5,
)  # fmt: skip
def script_adherence(review_cards: Facts) -> Mean:
    """Mean over the cards of the period of the criteria that make the mandatory script (`reviews.script`: contact and compliance).

    Example
    -------
    reviews     review_id  criterion  score  weight  group    at
                r1         greeting   1      1       contact  01-05
                r1         purpose    0      3       contact  01-05
                r1         needs      1      9       needs    01-05
    deals       created_at
                01-01
    result      25
    """
    return review_cards.at("at").mean(review_cards.script)


@kpi(
    name=Text("Согласован следующий шаг", "Next step agreed"),
    meaning=Text("Какая доля разговоров закончилась следующим шагом с датой", "Which share of the conversations ended with a dated next step"),
    unit=PERCENT, better="higher", source=OURS, by=BY, min_n=5,
    advice=Text("Завершайте каждый разговор датой и действием; проверяйте это первым", "End each conversation with a date and an action, and check that first"),
)  # fmt: skip
def next_step_agreed(review_cards: Facts) -> Share:
    """Of cards of the period with the criterion of the next step (`reviews.next_step`), those that met it in full.

    Example
    -------
    reviews     review_id  criterion  score  at
                r1         Next_step  1      01-05
                r2         next-step  0.5    01-06
                r3         greeting   1      01-06
    deals       created_at
                01-01
    result      1 / 2
    """
    return review_cards.at("at").where(~review_cards.has_next_step.is_null()).share(review_cards.has_next_step)


@kpi(
    name=Text("Профиль по критериям", "Criteria profile"),
    meaning=Text("Средний балл каждого критерия у каждого менеджера", "Mean score of each criterion of each seller"),
    unit=SCORE, source=BRUTAL, by=(MANAGER,), advice=TRAIN,
)  # fmt: skip
def criteria_profile(review_criteria: Facts) -> Table:
    """Mean score (0–100) of each criterion that applied, in the reviews of the period: for the department and for each seller.

    Example
    -------
    reviews     review_id  criterion  score  manager  at
                r1         greeting   1      Ann      01-05
                r2         greeting   0.5    Ann      01-06
                r3         greeting   0      Bob      01-06
    deals       created_at
                01-01
    result      Ann: score=75
    result      Bob: score=0
    """
    score = review_criteria.at("at").mean(review_criteria.score * 100)
    return Table((f"{MANAGER}*{CRITERION}", CRITERION), {"score": score})


@kpi(
    name=Text("Расхождение проверяющих", "Reviewer disagreement"),
    meaning=Text("На сколько баллов расходятся двое, оценивая один разговор", "By how many points two reviewers of one conversation differ"),
    unit=SCORE, better="lower", source=OURS, by=(REVIEWER,), min_n=5,
    advice=Text("До 5 баллов — хорошо, 6–10 — обсудите, от 11 — калибруйте проверяющих заново", "Up to 5 points is fine, 6 to 10: discuss, 11 and more: calibrate the reviewers anew"),
)  # fmt: skip
def reviewer_agreement(double_reviews: Facts) -> Mean:
    """Mean gap between the scores that two reviewers gave to the same conversation, over the pairs of the period.

    Example
    -------
    activities  activity_id  kind  at     direction
                1            call  01-05  out
    reviews     review_id  criterion  score  activity_id  reviewer  at
                r1         greeting   1      1            Kim       01-06
                r2         greeting   0.8    1            Lee       01-07
    deals       created_at
                01-01
    result      20
    """
    return double_reviews.at("at").mean(double_reviews.gap)
