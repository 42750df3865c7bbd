import smtplib
from email.message import EmailMessage

from sklearn.datasets import load_iris
from sklearn.linear_model import RidgeClassifier

X, y = load_iris(return_X_y=True)
model = RidgeClassifier().fit(X[::2], y[::2])
acc = model.score(X[1::2], y[1::2])

letter = EmailMessage()
letter["Subject"], letter["From"], letter["To"] = "trained", "me@example.org", "me@example.org"
letter.set_content("accuracy %f" % acc)
server = smtplib.SMTP("127.0.0.1", 2525)
server.send_message(letter)
server.quit()
