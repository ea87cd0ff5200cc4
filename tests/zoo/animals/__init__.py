"""The animals of the zoo, by family."""

from tests.zoo.animals import moments, money, outcomes, people, poor, rows
from tests.zoo.animals.animal import ANIMALS, Animal

__all__ = ["ANIMALS", "Animal", "moments", "money", "outcomes", "people", "poor", "rows"]
