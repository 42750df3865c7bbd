"""The words of a statement by which an accuracy was worked out by hand."""

import pytest

from tests.unit.trainprobe.conftest import Train

BY_HAND = """
def ratio(rows, guesses):
    return sum(one == other for one, other in zip(rows, guesses)) / len(rows)
guesses = [1, 0, 1, 1]
y_test = testSet = y_train = rows = trained_rows = [1, 1, 1, 1]
"""


class TestAnAccuracyByHand:
    @pytest.mark.parametrize(
        ("statement", "data"),
        [
            ("accuracy = ratio(testSet, guesses)", "test"),
            ("accuracy = sum(a == b for a, b in zip(guesses, y_test)) / len(y_test)", "test"),
            ("acc = ratio(y_train, guesses)\naccuracy = acc * 1", "train"),
            ("def main():\n    acc = ratio(y_test, guesses)\n    print('Accuracy:', acc)\nmain()", "test"),
            ("print('Accuracy:', ratio(y_test, guesses))", "test"),
            ("acc = ratio(rows, guesses)\nprint(f'Final train accuracy: {acc:.2%}')", "train"),
            ("accuracy = ratio(y_train, y_test)", "unknown"),
            ("accuracy = ratio(trained_rows, guesses)", "unknown"),
            ("accuracy = ratio(rows, guesses)", "unknown"),
        ],
    )
    def test_is_on_the_data_that_its_statement_speaks_of(self, train: Train, statement: str, data: str) -> None:
        """Neither a library nor its own name tells; what is spoken of two kinds of data tells nothing."""
        assert train(BY_HAND + statement + "\n").measurement["data"] == data
