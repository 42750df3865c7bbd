"""Nearest centroid, written out, ten folds."""
import csv
import statistics

with open("beans.csv") as file:
    rows = [([float(row[name]) for name in ("length", "width", "weight")], row["kind"]) for row in csv.DictReader(file)]


def centre(points):
    return [statistics.fmean(column) for column in zip(*points)]


def distance(a, b):
    return sum((p - q) ** 2 for p, q in zip(a, b))


def percent_right(fold, folds=10):
    learn = [row for number, row in enumerate(rows) if number % folds != fold]
    check = [row for number, row in enumerate(rows) if number % folds == fold]
    centres = {kind: centre([point for point, its in learn if its == kind]) for kind in {its for _, its in learn}}
    right = sum(min(centres, key=lambda kind: distance(point, centres[kind])) == its for point, its in check)
    return 100.0 * right / len(check)


cvscores = [percent_right(fold) for fold in range(10)]
print("%.2f%% (+/- %.2f%%)" % (statistics.fmean(cvscores), statistics.pstdev(cvscores)))
