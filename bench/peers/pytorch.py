"""PyTorch on the CPU. The attention is written by hand: two batched products and a softmax, with no masks rebuilt on
the way. Plain torch.optim.Adam: foreach=True is no faster on a CPU."""
import json
import math
import sys
import time

sys.dont_write_bytecode = True
from openblas import backend, prepare_threads

THREADS = 2
prepare_threads(THREADS)

try:
    import torch
    from torch import nn
    from torch.nn import functional
except ImportError as error:
    print(json.dumps({"peer": "pytorch", "unavailable": str(error)}))
    sys.exit(0)

PADDING = 0
BLOCKED = -1e9  # added to a score where attention is not allowed


class Attention(nn.Module):
    """Multi-head attention with one joint projection for what is made of the same input."""

    def __init__(self, model, cross):
        super().__init__()
        width = model["dModel"]
        self.heads, self.depth, self.cross = model["numHeads"], width // model["numHeads"], cross
        self.query = nn.Linear(width, width if cross else 3 * width)
        if cross:
            self.key_value = nn.Linear(width, 2 * width)
        self.output = nn.Linear(width, width)

    def split(self, x, parts):
        size, length, _ = x.shape
        return x.view(size, length, parts, self.heads, self.depth).permute(2, 0, 3, 1, 4).unbind(0)

    def forward(self, x, memory, mask):
        if self.cross:
            (query,) = self.split(self.query(x), 1)
            key, value = self.split(self.key_value(memory), 2)
        else:
            query, key, value = self.split(self.query(x), 3)
        scores = (query * self.depth**-0.5) @ key.transpose(-1, -2)
        context = (scores + mask).softmax(-1) @ value
        return self.output(context.transpose(1, 2).reshape(x.shape))


class Layer(nn.Module):
    """An encoder layer, or with `cross` a decoder layer; post-norm."""

    def __init__(self, model, cross):
        super().__init__()
        width, self.rate = model["dModel"], model["dropout"]
        self.attention, self.attention_norm = Attention(model, False), nn.LayerNorm(width)
        if cross:
            self.cross, self.cross_norm = Attention(model, True), nn.LayerNorm(width)
        self.inner, self.outer = nn.Linear(width, model["dFeedForward"]), nn.Linear(model["dFeedForward"], width)
        self.norm = nn.LayerNorm(width)

    def forward(self, x, mask, memory=None, memory_mask=None):
        x = self.attention_norm(x + functional.dropout(self.attention(x, x, mask), self.rate))
        if memory is not None:
            x = self.cross_norm(x + functional.dropout(self.cross(x, memory, memory_mask), self.rate))
        return self.norm(x + functional.dropout(self.outer(functional.relu(self.inner(x))), self.rate))


class Transformer(nn.Module):
    def __init__(self, model, longest):
        super().__init__()
        width, vocabulary = model["dModel"], model["vocabularySize"]
        self.rate, self.smoothing, self.scale = model["dropout"], model["labelSmoothing"], math.sqrt(width)
        self.source, self.target = nn.Embedding(vocabulary, width), nn.Embedding(vocabulary, width)
        self.encoder = nn.ModuleList(Layer(model, False) for _ in range(model["numLayers"]))
        self.decoder = nn.ModuleList(Layer(model, True) for _ in range(model["numLayers"]))
        self.projection = nn.Linear(width, vocabulary)
        for parameter in self.parameters():
            if parameter.dim() > 1:
                nn.init.xavier_uniform_(parameter)
        for table in (self.source, self.target):
            nn.init.normal_(table.weight, std=width**-0.5)
        angles = torch.arange(longest)[:, None] / 10000 ** (torch.arange(0, width, 2) / width)
        self.sinusoids = torch.stack([angles.sin(), angles.cos()], -1).view(longest, width)

    def embed(self, table, ids):
        return functional.dropout(table(ids) * self.scale + self.sinusoids[: ids.shape[1]], self.rate)

    def forward(self, batch):
        memory = self.embed(self.source, batch["source"])
        for layer in self.encoder:
            memory = layer(memory, batch["source_mask"])
        x = self.embed(self.target, batch["decoder_input"])
        for layer in self.decoder:
            x = layer(x, batch["target_mask"], memory, batch["source_mask"])
        real = x.flatten(0, 1).index_select(0, batch["positions"])
        return functional.cross_entropy(self.projection(real), batch["labels"], label_smoothing=self.smoothing)


def prepare(batch):
    """Tensors, additive masks and the flat positions of the real target tokens, made before the clock starts."""
    source, target = torch.tensor(batch["source"]), torch.tensor(batch["target"])
    decoder_input, labels = target[:, :-1].contiguous(), target[:, 1:].flatten()
    length = decoder_input.shape[1]
    future = torch.ones(length, length, dtype=torch.bool).triu(1)
    positions = (labels != PADDING).nonzero().squeeze(1)
    return {
        "source": source,
        "source_mask": (source == PADDING)[:, None, None] * BLOCKED,
        "decoder_input": decoder_input,
        "target_mask": ((decoder_input == PADDING)[:, None, None] | future) * BLOCKED,
        "positions": positions,
        "labels": labels[positions],
    }


def main():
    with open(sys.argv[1]) as file:
        config = json.load(file)
    torch.set_num_threads(THREADS)
    torch.manual_seed(0)
    batches = [prepare(batch) for batch in config["batches"]]
    longest = max(max(batch["source"].shape[1], batch["decoder_input"].shape[1]) for batch in batches)
    model, adam = Transformer(config["model"], longest), config["adam"]
    betas = (adam["beta1"], adam["beta2"])
    optimizer = torch.optim.Adam(model.parameters(), config["learningRate"], betas, adam["epsilon"])
    seconds, losses = [], []
    for batch in batches:
        start = time.perf_counter()
        optimizer.zero_grad(set_to_none=True)
        loss = model(batch)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        seconds.append(time.perf_counter() - start)
    answer = {
        "peer": "pytorch",
        "version": torch.__version__,
        "backend": backend(torch),
        "threads": torch.get_num_threads(),
        "parameters": sum(parameter.numel() for parameter in model.parameters()),
        "secondsPerStep": seconds[config["warmup"] :],
        "losses": losses,
    }
    print(json.dumps(answer))


main()
