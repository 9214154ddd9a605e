"""Recurrent networks in PyTorch on the CPU: forward and backward, without an optimizer, as the task on the command line
says. Layers are nn.LSTM over sequences of one length; the encoder-decoder is an nn.LSTM for each direction over padded
sequences and a loop of nn.LSTMCell with additive attention. Packed sequences are not used: on the CPU the gradient of
each of their steps is as large as all of them, so that 120 steps take seven times as long."""
import json
import sys
import time

sys.dont_write_bytecode = True
from openblas import backend, prepare_threads

TASK = json.loads(sys.argv[1])
prepare_threads(TASK["threads"])

try:
    import torch
    from torch import nn
    from torch.nn import functional
except ImportError as error:
    print(json.dumps({"peer": "pytorch", "unavailable": str(error)}))
    sys.exit(0)


def layers(task):
    """A step of stacked recurrent layers, the gradient of their input included."""
    batch, time_, width, hidden = task["batch"], task["length"], task["inputSize"], task["hiddenSize"]
    model = nn.LSTM(width, hidden, task["numLayers"], bidirectional=task["bidirectional"])
    x = torch.randn(time_, batch, width, requires_grad=True)
    cotangent = torch.randn(time_, batch, hidden * (2 if task["bidirectional"] else 1))

    def step():
        model.zero_grad(set_to_none=True)
        x.grad = None
        model(x)[0].backward(cotangent)

    return model, step


class EncoderDecoder(nn.Module):
    def __init__(self, vocabulary, width):
        super().__init__()
        self.source, self.target = nn.Embedding(vocabulary, width), nn.Embedding(vocabulary, width)
        self.forwards, self.backwards = nn.LSTM(width, width // 2), nn.LSTM(width, width // 2)
        self.keys, self.query = nn.Linear(width, width), nn.Linear(width, width)
        self.score = nn.Linear(width, 1, bias=False)
        self.cell = nn.LSTMCell(2 * width, width)
        self.output = nn.Linear(width, vocabulary)

    def forward(self, batch):
        time_, size = batch["source"].shape
        # Each row from its own end, so that padding comes after all that is real.
        forwards, _ = self.forwards(self.source(batch["source"]))
        backwards, _ = self.backwards(self.source(batch["source"].flatten()[batch["reversed"]].view(time_, size)))
        flat = torch.cat([forwards.flatten(0, 1), backwards.flatten(0, 1).index_select(0, batch["reversed"])], 1)
        values = flat.view(time_, size, -1).transpose(0, 1).contiguous()
        keys = self.keys(values)
        ends = [states.flatten(0, 1).index_select(0, batch["ends"]) for states in (forwards, backwards)]
        hidden = torch.cat(ends, 1)
        cell = hidden  # nn.LSTM does not tell the cells on the way; as many numbers, and as much to do
        outputs = []
        for x in self.target(batch["decoder_input"]).unbind(1):
            scores = self.score(torch.tanh(keys + self.query(hidden).unsqueeze(1))).squeeze(2)
            weights = scores.masked_fill(batch["padding"], -1e9).softmax(1)
            context = torch.bmm(weights.unsqueeze(1), values).squeeze(1)
            hidden, cell = self.cell(torch.cat([context, x], 1), (hidden, cell))
            outputs.append(hidden)
        real = torch.stack(outputs, 1).flatten(0, 1).index_select(0, batch["positions"])
        return functional.cross_entropy(self.output(real), batch["labels"])


def pairs(task):
    """A step of an encoder-decoder with Bahdanau's attention on random tokens; only real ones are predicted."""
    model = EncoderDecoder(task["vocabularySize"], task["width"])
    lengths, targets = torch.tensor(task["sourceLengths"]), torch.tensor(task["targetLengths"])
    size = len(lengths)
    real = torch.arange(int(targets.max()))[None] < targets[:, None]
    positions = real.flatten().nonzero().squeeze(1)
    tokens = lambda *shape: torch.randint(1, task["vocabularySize"], shape)
    time_ = torch.arange(int(lengths.max()))[:, None]
    reversed_ = torch.where(time_ < lengths, lengths - 1 - time_, time_)
    batch = {
        "source": tokens(int(lengths.max()), size),
        "reversed": (reversed_ * size + torch.arange(size)).flatten(),
        "ends": (lengths - 1) * size + torch.arange(size),
        "padding": (time_ >= lengths).T,
        "decoder_input": tokens(size, int(targets.max())),
        "positions": positions,
        "labels": tokens(len(positions)),
    }

    def step():
        model.zero_grad(set_to_none=True)
        loss = model(batch)
        loss.backward()
        return loss.item()

    return model, step


def main():
    torch.set_num_threads(TASK["threads"])
    torch.manual_seed(0)
    model, step = {"layers": layers, "pairs": pairs}[TASK["task"]](TASK)
    introduction = {
        "peer": "pytorch",
        "version": torch.__version__,
        "backend": backend(torch),
        "threads": torch.get_num_threads(),
        "parameters": sum(parameter.numel() for parameter in model.parameters()),
    }
    print(json.dumps(introduction), flush=True)
    for line in sys.stdin:
        until, seconds, loss = time.perf_counter() + float(line), [], None
        while not seconds or time.perf_counter() < until:
            start = time.perf_counter()
            loss = step()
            seconds.append(time.perf_counter() - start)
        print(json.dumps({"secondsPerStep": seconds, "loss": loss}), flush=True)


main()
