"""Content and social media: whether letters are read and materials used."""

from salesqc_lib.show.chapters.chapter import Chapter, Fact
from salesqc_lib.words import Text

CHAPTER = Chapter(
    "content",
    90,
    "content",
    Text("Контент и соцсети", "Content and social media"),
    Text("Письма со ссылкой и материалы в сделках периода", "Letters with a link and materials in the period's deals"),
    ("reply_click_rate", "click_to_return", "materials_used", "material_use_rate"),
    Fact(
        Text(
            "По ссылкам переходят в {reply_click_rate} случаев, материалы показаны в {material_use_rate} сделок",
            "Links are clicked in {reply_click_rate} of cases, materials shown in {material_use_rate} of deals",
        ),
        ("reply_click_rate", "material_use_rate"),
    ),
    ("content",),
)
