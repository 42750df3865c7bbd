"""A few rows of the training data of a PyTorch loop, as the network and the loss get them in the first epoch."""

from __future__ import annotations

import sys
import weakref
from typing import Callable, Dict, List, Optional, Tuple

from trainprobe.data.arrays import as_array
from trainprobe.data.content import labels_of
from trainprobe.data.fits import Fit
from trainprobe.data.samples import MOST_BYTES, MOST_ROWS, Part, Samples
from trainprobe.facts.data import describe_inputs, describe_labels, describe_rows
from trainprobe.facts.model import describe_output, loss_made_by
from trainprobe.foreign import Foreign
from trainprobe.trace import Trace
from trainprobe.watch import Watch

MOST_BATCHES = 2000
LOGITS = ("BCEWithLogitsLoss", "binarycrossentropywithlogits")


class BatchSample:
    """Collects rows from the first forward pass on, until there are enough or the first epoch has ended."""

    def __init__(self, watch: Watch, model: Foreign) -> None:
        """Start to collect the inputs of *model*."""
        modules: Foreign = sys.modules["torch.nn.modules.module"]
        self._watch = watch
        self._model = weakref.ref(model)
        self._pending: Foreign = None
        self._kept: List[Tuple[Foreign, Foreign]] = []
        self._labels: Foreign = None
        self._each = MOST_ROWS
        self._rows = 0
        self._loader: Callable[[], Foreign] = lambda: None
        self._output: Dict[str, object] = {}
        self._loss: Optional[str] = None
        self._handle = modules.register_module_forward_hook(self._forward)

    @property
    def is_open(self) -> bool:
        """Whether it still collects."""
        return self._handle is not None

    def note_loss(self, value: Foreign) -> None:
        """Note the function that computed the loss, before it is propagated."""
        if self._loss is None:
            self._loss = loss_made_by(value.grad_fn)

    def add(self, loader: Foreign) -> None:
        """Keep rows of the batch that the model was trained with; it came from *loader*, if there is one."""
        if self._pending is None:
            return
        if not self._kept and loader is not None:
            self._loader = weakref.ref(loader)
            self._each = max(1, MOST_ROWS // max(1, len(loader)))
        inputs, labels = self._pending, self._labels
        if labels is not None and not (labels.ndim and len(labels) == len(inputs)):
            labels = None
        most = max(1, min(self._each, MOST_BYTES // 4 // max(1, inputs[0].numel())))
        chosen = slice(0, None, max(1, -(-len(inputs) // most)))
        self._kept.append((_copied(inputs[chosen]), None if labels is None else _copied(labels[chosen])))
        self._rows = max(self._rows, len(inputs))
        self._pending = self._labels = None
        if loader is None or self._has_enough():
            self.close()

    def _has_enough(self) -> bool:
        return len(self._kept) >= MOST_BATCHES or sum(len(rows) for rows, _ in self._kept) >= MOST_ROWS

    def close(self) -> None:
        """Stop collecting."""
        if self._handle is not None:
            self._handle.remove()
        self._handle = None

    def describe(self, trace: Trace, fit: Fit) -> None:
        """Add to the facts in *trace* what is known at the end of the script, and keep rows to predict for."""
        self.close()
        trace.facts["training"] = self._training(fit)
        model = trace.facts.get("model")
        if isinstance(model, dict):
            model.update(loss=self._loss, output=self._output)
        if not self._kept:
            return
        torch: Foreign = sys.modules["torch"]
        part = Part(torch.cat([rows for rows, _ in self._kept]), self._joined_labels(torch))
        labels = labels_of(self._loader())
        labels = as_array(part.labels) if labels is None else labels
        trace.facts["labels"] = describe_labels(labels) if labels is not None else {}
        inputs, of_rows = as_array(part.inputs), as_array(part.labels)
        are_classes = "classes" in describe_labels(of_rows) if of_rows is not None else False
        known = {"rows": self._rows_in_all(len(inputs))}
        equal = describe_rows(inputs, of_rows if are_classes else None)
        trace.facts["inputs"] = {**describe_inputs(inputs), **equal, **known}
        asked = part if are_classes else Part(part.inputs, None)
        threshold = 0.0 if self._loss in LOGITS else 0.5
        trace.samples = Samples("torch", self._model, asked, seconds=fit.seconds, threshold=threshold)

    def _training(self, fit: Fit) -> Dict[str, object]:
        loader, epochs = self._loader(), len(fit.curves.get("loss", ()))
        size = getattr(loader, "batch_size", None) if loader is not None else self._rows
        steps = len(loader) if loader is not None else 1
        known = {"epochs": epochs, "batch_size": size, "steps": steps}
        return {name: value for name, value in known.items() if value is not None}

    def _rows_in_all(self, kept: int) -> int:
        loader = self._loader()
        sampler: Foreign = getattr(loader, "sampler", None)
        return len(sampler) if hasattr(sampler, "__len__") else max(self._rows, kept)

    def _joined_labels(self, torch: Foreign) -> Foreign:
        labels = [one for _, one in self._kept]
        return None if any(one is None for one in labels) else torch.cat(labels)

    def _forward(self, module: Foreign, given: Foreign, output: Foreign) -> None:
        with self._watch.guard("a forward pass"):
            if module is self._model():
                if len(given) == 1 and hasattr(given[0], "grad_fn") and getattr(output, "grad_fn", None) is not None:
                    self._pending = given[0].detach()
                    self._output = self._output or describe_output(output)
            elif type(module).__module__ == "torch.nn.modules.loss" and len(given) > 1:
                self._loss = type(module).__name__
                self._labels = given[1].detach()


def _copied(rows: Foreign) -> Foreign:
    return rows.cpu().clone()
