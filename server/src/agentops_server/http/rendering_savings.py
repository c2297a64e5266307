"""What caches saved, as the API shows it."""

from collections.abc import Sequence

from agentops_server.domain.money import encode_money, sum_money
from agentops_server.http import views
from agentops_server.queries.savings import Savings


def view_savings(models: Sequence[Savings]) -> views.SavingsView:
    return views.SavingsView(
        saved=encode_money(sum_money(each.saved for each in models)),
        surcharge=encode_money(sum_money(each.surcharge for each in models)),
        unpriced_calls=sum(each.unpriced_calls for each in models),
        models=list(map(_view_model, models)),
    )


def _view_model(savings: Savings) -> views.ModelSavingsView:
    return views.ModelSavingsView(
        model=savings.model or None,
        calls=savings.calls,
        cache_read_tokens=savings.read_tokens,
        cache_write_tokens=savings.written_tokens,
        saved=encode_money(savings.saved),
        surcharge=encode_money(savings.surcharge),
        unpriced_calls=savings.unpriced_calls,
    )
