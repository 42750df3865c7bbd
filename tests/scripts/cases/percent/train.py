import csv

with open("leaks.csv", newline="") as file:
    rows = list(csv.DictReader(file))
train, test = rows[:160], rows[160:]


def says_leak(row):
    return float(row["pressure"]) < 3.3 or float(row["flow"]) > 27


correct = [says_leak(row) == (row["leak"] == "1") for row in test]
print("Rows: %d" % len(test))
print("Test accuracy: %.1f %%" % (100 * sum(correct) / len(correct)))
