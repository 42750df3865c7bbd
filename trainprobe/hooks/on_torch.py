"""Watches PyTorch's loops: the data that they train and evaluate with, a few of its rows, and the curve of the loss."""

from __future__ import annotations

import sys
import time
import weakref
from functools import partial
from typing import Callable, Dict, List, Optional, Tuple

from trainprobe.call_site import called_by_author
from trainprobe.data.arrays import as_array
from trainprobe.data.content import labels_of
from trainprobe.data.evaluated import Evaluated, evaluated
from trainprobe.data.fits import Fit
from trainprobe.data.kind import DataKind, first_known, kind_named
from trainprobe.data.samples import MOST_BYTES, MOST_ROWS, Part, Samples
from trainprobe.facts.data import describe_inputs, describe_labels, describe_rows
from trainprobe.facts.model import canonical, describe_module, describe_output, loss_made_by
from trainprobe.foreign import Foreign, as_number
from trainprobe.hooks.observe import Call, observe
from trainprobe.patching.imports import AfterImport
from trainprobe.patching.wrap import Function, around, wrap
from trainprobe.trace import Trace
from trainprobe.watch import Watch

MOST_BATCHES = 2000
LOGITS = ("BCEWithLogitsLoss", "binarycrossentropywithlogits")


def torch_steps(watch: Watch) -> Dict[str, AfterImport]:
    """Return what to do after the import of PyTorch and of torchmetrics."""
    return {"torch": partial(_watch_torch, watch), "torchmetrics.metric": partial(_watch_metrics, watch)}


def _watch_torch(watch: Watch, torch: Foreign) -> None:
    with watch.guard("watching PyTorch"):
        loops = _Loops(watch)
        beside = watch.beside  # an optimizer may step while a loss goes backward
        wrap(torch.nn.Module, "parameters", observe(watch, "parameters", before=loops.parameters, scope=beside))
        wrap(torch.utils.data.DataLoader, "__iter__", observe(watch, "a loader", before=loops.iterate))
        wrap(torch.Tensor, "backward", observe(watch, "a loss", before=loops.backward, scope=beside))
        optimizers: Foreign = sys.modules["torch.optim.optimizer"]
        optimizers.register_optimizer_step_post_hook(loops.stepped)


class _Loops:
    """The state of the loop that runs."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        self._model: Foreign = None
        self._loader: Callable[[], Foreign] = lambda: None
        self._fits: Dict[Tuple[int, int], Fit] = {}
        self._fit: Optional[Fit] = None
        self._trains_with_it = False  # the script, with the loader that it iterates over
        self._sum: Foreign = 0.0
        self._batches = 0
        self._sample: Optional[BatchSample] = None
        self._began = 0.0
        self._known: List[Tuple[Callable[[], Foreign], int, Tuple[DataKind, Evaluated]]] = []

    def parameters(self, call: Call) -> None:
        """Take the model whose parameters the script gets, as for an optimizer, for the one that it trains."""
        model = call.owner
        if model is self._model or not called_by_author():
            return
        self._model = model
        if self._sample is not None:
            self._sample.close()
        self._sample = BatchSample(self._watch, model)

    def iterate(self, call: Call) -> None:
        """Note the loader that the script iterates over; a step of an optimizer shows that it is training data."""
        self._end_point()
        if self._trains_with_it and self._sample is not None:
            self._sample.close()
        self._loader, self._trains_with_it = weakref.ref(call.owner), False
        self._watch.trace.note_data_used(*self._known_of(call.owner))

    def backward(self, call: Call) -> None:
        """Add a loss to the point of the curve."""
        loss = call.owner
        if loss.numel() == 1:
            if self._sample is not None:
                self._sample.note_loss(loss)
            self._sum = self._sum + loss.detach()
            self._batches += 1

    def stepped(self, optimizer: Foreign, *_: Foreign) -> None:
        """Note that the model was trained with the current batch of the loader."""
        with self._watch.inside("a step") as outermost, self._watch.guard("a step of an optimizer"):
            if outermost:
                self._step(optimizer)

    def _step(self, optimizer: Foreign) -> None:
        trace, loader = self._watch.trace, self._loader()
        if not self._trains_with_it:
            if loader is not None:
                trace.forget_last_data_used()
            self._trains_with_it = True
            self._fit = self._fit_of(loader, optimizer)
        trace.note_training(self._model)
        self._sample_batch(loader)
        if loader is None:  # without a loader, a step is an epoch
            self._end_point()

    def _fit_of(self, loader: Foreign, optimizer: Foreign) -> Fit:
        known = (id(self._model), id(loader))
        if known not in self._fits:
            model = self._model if self._model is not None else optimizer
            fit = self._watch.trace.add_fit("torch", model, loader, None)
            fit.finished = True
            self._fits[known] = fit
            self._began = time.monotonic()
            self._watch.trace.facts, self._watch.trace.samples = {"model": describe_module(model, optimizer)}, None
            self._watch.trace.at_end = [partial(self._describe, fit)]
        return self._fits[known]

    def _sample_batch(self, loader: Foreign) -> None:
        if self._fit is not None:
            self._fit.seconds = time.monotonic() - self._began
        if self._sample is not None and self._sample.is_open:
            self._sample.add(loader)

    def _describe(self, fit: Fit) -> None:
        self._end_point()
        if self._sample is not None and fit is self._watch.trace.fits[-1]:
            self._sample.describe(self._watch.trace, fit)

    def _end_point(self) -> None:
        if self._batches and self._fit is not None:
            self._fit.add_point("loss", float(self._sum) / self._batches)
        self._sum, self._batches = 0.0, 0

    def _known_of(self, loader: Foreign) -> Tuple[DataKind, Evaluated]:
        fits = len(self._watch.trace.fits)
        for kept, number, known in self._known:
            if kept() is loader and number == fits:
                return known
        known = self._watch.trace.kind_of(None, loader), evaluated(loader)
        self._known = [(weakref.ref(loader), fits, known), *self._known[:20]]
        return known


def _watch_metrics(watch: Watch, module: Foreign) -> None:
    wrap(module.Metric, "_wrap_compute", around(_wrap_compute, watch))


def _wrap_compute(watch: Watch, original: Function, metric: Foreign, compute: Foreign) -> Foreign:
    wrapped, kind = original(metric, compute), type(metric).__name__
    if "Accuracy" not in kind:
        return wrapped
    after = partial(_computed, weakref.ref(metric), "torchmetrics." + kind)
    return observe(watch, "a metric of torchmetrics", after=after, scope=watch.beside)(wrapped)


def _computed(metric: Callable[[], Foreign], source: str, call: Call, value: Foreign) -> None:
    number, trace = as_number(value), call.watch.trace
    if number is not None and called_by_author():
        data = first_known((kind_named(metric()), trace.data_used_since_training()))
        trace.replace_measurement("accuracy", number, data, source)


class BatchSample:
    """Collects inputs of *model* from the first forward pass on, up to the end of the first epoch at most."""

    def __init__(self, watch: Watch, model: Foreign) -> None:
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
        self._keep_rows()
        kept = sum(len(rows) for rows, _ in self._kept)
        if loader is None or len(self._kept) >= MOST_BATCHES or kept >= MOST_ROWS:
            self.close()

    def _keep_rows(self) -> None:
        inputs, labels = self._pending, self._labels
        if labels is not None and not (labels.ndim and len(labels) == len(inputs)):
            labels = None
        most = max(1, min(self._each, MOST_BYTES // 4 // max(1, inputs[0].numel())))
        chosen = slice(0, None, max(1, -(-len(inputs) // most)))
        self._kept.append((_copied(inputs, chosen), _copied(labels, chosen)))
        self._rows = max(self._rows, len(inputs))
        self._pending = self._labels = None

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
            model.update(loss=canonical(self._loss or ""), output=self._output)
        if self._kept:
            self._describe_rows(trace, fit)

    def _describe_rows(self, trace: Trace, fit: Fit) -> None:
        torch: Foreign = sys.modules["torch"]
        rows, of_rows = zip(*self._kept)  # noqa: B905 - Python 3.7 has no strict
        part = Part(torch.cat(rows), None if any(one is None for one in of_rows) else torch.cat(of_rows))
        inputs, labels = as_array(part.inputs), as_array(part.labels)
        described = {} if labels is None else describe_labels(labels)
        all_labels = labels_of(self._loader())
        trace.facts["labels"] = described if all_labels is None else describe_labels(all_labels)
        are_classes = "classes" in described
        labels = labels if are_classes else None
        sampler: Foreign = getattr(self._loader(), "sampler", None)
        known = {"rows": len(sampler) if hasattr(sampler, "__len__") else max(self._rows, len(inputs))}
        trace.facts["inputs"] = {**describe_inputs(inputs), **describe_rows(inputs, labels), **known}
        threshold = 0.0 if self._loss in LOGITS else 0.5
        trace.samples = Samples("torch", self._model, part, fit.seconds, 0.0, threshold, None, are_classes)

    def _training(self, fit: Fit) -> Dict[str, object]:
        loader, epochs = self._loader(), len(fit.curves.get("loss", ()))
        size = getattr(loader, "batch_size", None) if loader is not None else self._rows
        steps = len(loader) if loader is not None else 1
        known = {"epochs": epochs, "batch_size": size, "steps": steps}
        return {name: value for name, value in known.items() if value is not None}

    def _forward(self, module: Foreign, given: Foreign, output: Foreign) -> None:
        with self._watch.guard("a forward pass"):
            if module is self._model():
                if len(given) == 1 and hasattr(given[0], "grad_fn") and getattr(output, "grad_fn", None) is not None:
                    self._pending = given[0].detach()
                    self._output = self._output or describe_output(output)
            elif type(module).__module__ == "torch.nn.modules.loss" and len(given) > 1:
                self._loss = type(module).__name__
                self._labels = given[1].detach()


def _copied(rows: Foreign, chosen: slice) -> Foreign:
    return None if rows is None else rows[chosen].cpu().clone()
