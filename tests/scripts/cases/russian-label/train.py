import csv

# Порог по потоку воды
rows = [(float(row["flow"]), int(row["leak"])) for row in csv.DictReader(open("leaks.csv"))]
train, test = rows[:160], rows[160:]
limit = sum(flow for flow, _ in train) / len(train)
print("Порог:", limit)
right = sum((flow > limit) == bool(leak) for flow, leak in test)
print("Точность на тестовых данных: {:.2f}%".format(100 * right / len(test)))
