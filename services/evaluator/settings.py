"""Settings of the evaluator, from the environment."""

from trainyard.settings import Settings


class EvaluatorSettings(Settings):
    """Settings of the evaluator.

    Attributes:
        evaluator_ledger: SQLAlchemy URL of the ledger, `sqlite:///…` or `postgresql+psycopg://…`.
        evaluator_public_url: Where people reach its pages; what links start with.
    """

    evaluator_ledger: str = "sqlite:///.trainyard/ledger.db"
    evaluator_public_url: str = "http://127.0.0.1:8080"
