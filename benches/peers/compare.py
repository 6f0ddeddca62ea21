#!/usr/bin/env python3
"""Latent Lens beside PyTorch eager and ONNX Runtime: the same networks, weights and work, measured in turns.

    python3 benches/peers/compare.py --model assets/models/mnist [--train] [--rounds 5] [--json]

Build the program first: cargo build --release --workspace --bin latent-lens. See README.md beside this file.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path

import numpy as np
import onnxruntime
import torch

sys.dont_write_bytecode = True
from networks import Bundle  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
# Ours and PyTorch's probabilities of one image: both compute with the same numbers, in another order.
TOLERANCE = 1e-3


def arguments():
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    parser = argparse.ArgumentParser(description="Latent Lens beside PyTorch eager and ONNX Runtime.")
    parser.add_argument("--model", type=Path, default=ROOT / "assets/models/mnist", help="a bundle's folder")
    parser.add_argument("--binary", type=Path, default=target / "release/latent-lens")
    parser.add_argument("--rounds", type=int, default=5, help="turns of each side")
    parser.add_argument("--frames", type=int, default=500, help="frames a turn")
    parser.add_argument("--train", action="store_true", help="compare training, too")
    parser.add_argument("--steps", type=int, default=12, help="training steps a turn")
    parser.add_argument("--batch-size", type=int, default=128)
    parser.add_argument("--threads", type=int, default=os.cpu_count(), help="threads of the peers")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of a table")
    args = parser.parse_args()
    args.binary = args.binary.resolve()
    if not args.binary.is_file():
        parser.error(f"{args.binary} is not there: cargo build --release --workspace --bin latent-lens")
    return args


def ours(args, *command):
    """What the program prints as JSON. Relative paths of --model mean the same to it as to this script."""
    command = [args.binary, *command, "--model", args.model.resolve(), "--device", "cpu", "--json"]
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))} failed:\n{done.stderr}")
    return json.loads(done.stdout)


def check_agreement(args, bundle):
    """Stops unless PyTorch judges what it decodes as the program does, for the anchor of each class."""
    largest = 0.0
    with tempfile.TemporaryDirectory() as folder:
        for label in range(bundle.classes):
            picture = Path(folder) / "picture.png"
            drawn = ours(args, "render", "latent", "--anchor", label, "--out", picture)
            with torch.inference_mode():
                latent = torch.tensor([drawn["latent"]])
                logits = bundle.classifier(bundle.vae.decode(latent))
                found = (logits / bundle.temperature).softmax(1)[0].numpy()
            largest = max(largest, np.abs(found - drawn["prediction"]["probabilities"]).max())
    if largest > TOLERANCE:
        sys.exit(f"PyTorch's probabilities differ from the program's by {largest:.1e}: not the same networks")
    return float(largest)


class Whole(torch.nn.Module):
    """Decode and classify, for ONNX Runtime."""

    def __init__(self, bundle):
        super().__init__()
        self.vae, self.classifier = bundle.vae, bundle.classifier

    def forward(self, latents):
        image = self.vae.decode(latents)
        return image, self.classifier(image)


def onnx_session(bundle, threads):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "whole.onnx"
        example = (torch.zeros(1, bundle.latent_dim),)
        names = {"input_names": ["latents"], "output_names": ["image", "logits"]}
        with warnings.catch_warnings():
            # The other exporter needs another package; this one has been in PyTorch for long.
            warnings.simplefilter("ignore", DeprecationWarning)
            torch.onnx.export(Whole(bundle).eval(), example, str(path), dynamo=False, **names)
        return onnxruntime.InferenceSession(path.read_bytes(), options, providers=["CPUExecutionProvider"])


def timed(work, latents, warm_up=20):
    """Milliseconds of each call."""
    for latent in latents[:warm_up]:
        work(latent)
    times = []
    for latent in latents:
        start = time.perf_counter()
        work(latent)
        times.append(1e3 * (time.perf_counter() - start))
    return times


def frame_sides(args, bundle):
    """Name and work of each side; every call gives the milliseconds of a turn's frames."""
    latents = torch.randn(args.frames, 1, bundle.latent_dim)

    def torch_frame(latent):
        with torch.inference_mode():
            image = bundle.vae.decode(latent)
            features = bundle.classifier.features(image)
            logits = bundle.classifier.head(features)
            maps = bundle.classifier.all_maps(features)
            return image.numpy(), (logits / bundle.temperature).softmax(1).numpy(), maps.numpy()

    session = onnx_session(bundle, args.threads)
    for latent in latents[:3]:
        with torch.inference_mode():
            expected = bundle.classifier(bundle.vae.decode(latent)).numpy()
        _, logits = session.run(None, {"latents": latent.numpy()})
        assert np.allclose(logits, expected, atol=1e-2), "ONNX Runtime computes other logits"
    arrays = [latent.numpy() for latent in latents]

    def our_frames():
        figures = ours(args, "bench", "frame", "--frames", args.frames)["figures"]
        return {figure["name"]: figure for figure in figures}["frame.total"]

    def peer(work, inputs):
        times = timed(work, inputs)
        return dict(zip(("p50", "p95", "p99"), np.percentile(times, (50, 95, 99))))

    return {
        "Latent Lens (ten maps)": our_frames,
        "PyTorch eager (ten maps)": lambda: peer(torch_frame, latents),
        "ONNX Runtime (no map)": lambda: peer(lambda latent: session.run(None, {"latents": latent}), arrays),
    }


def train_rate(network, loss, steps, batch_size, clip):
    """Images a second of whole steps, after two to warm up."""
    network.train()
    optimizer = torch.optim.AdamW(network.parameters(), 1e-3, weight_decay=1e-4)
    start = None
    for step in range(steps + 2):
        if step == 2:
            start = time.perf_counter()
        optimizer.zero_grad()
        value = loss(network)
        value.backward()
        if clip:
            torch.nn.utils.clip_grad_norm_(network.parameters(), 200.0)
        optimizer.step()
        value.item()
    return steps * batch_size / (time.perf_counter() - start)


def train_sides(args, bundle):
    images = torch.rand(args.batch_size, 1, 28, 28)
    labels = torch.randint(bundle.classes, (args.batch_size,))
    smoothed = torch.nn.CrossEntropyLoss(label_smoothing=0.05)

    def torch_rates():
        common = {"steps": args.steps, "batch_size": args.batch_size}
        vae = train_rate(bundle.fresh_vae(), lambda net: net.loss(images, labels), clip=True, **common)
        resnet = bundle.fresh_classifier()
        classifier = train_rate(resnet, lambda net: smoothed(net(images), labels), clip=False, **common)
        return {"train.vae": vae, "train.classifier": classifier}

    def our_rates():
        counts = ["--steps", args.steps, "--batch-size", args.batch_size]
        figures = ours(args, "bench", "train", *counts)["figures"]
        return {figure["name"]: figure["value"] for figure in figures}

    return {"Latent Lens": our_rates, "PyTorch eager": torch_rates}


def in_turns(sides, rounds, what):
    """Each side once a round, and for each figure the median over the rounds."""
    results = {name: [] for name in sides}
    for turn in range(rounds):
        for name, work in sides.items():
            print(f"{what}: round {turn + 1} of {rounds}, {name}", file=sys.stderr)
            results[name].append(work())
    return {
        name: {key: float(np.median([turn[key] for turn in turns])) for key in sorted(turns[0]) if number(turns[0][key])}
        for name, turns in results.items()
    }


def number(value):
    return isinstance(value, (int, float))


def machine():
    name = platform.processor() or platform.machine()
    if Path("/proc/cpuinfo").exists():
        lines = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
        name = lines[0].split(":", 1)[1].strip() if lines else name
    return f"{name}, {os.cpu_count()} threads"


def table(report):
    versions = ", ".join(f"{name} {version}" for name, version in report["versions"].items())
    lines = [f"{report['machine']}; {versions}; {report['model']}"]
    lines.append(f"largest difference of a probability between Latent Lens and PyTorch: {report['difference']:.1e}")
    lines.append(f"\none frame, ms, median of {report['rounds']} rounds     p50     p95     p99")
    for name, figures in report["frame"].items():
        lines.append(f"  {name:<36}" + "".join(f"{figures[key]:8.3f}" for key in ("p50", "p95", "p99")))
    if "train" in report:
        lines.append(f"\ntraining, images/s, median of {report['rounds']} rounds     VAE  ResNet-18")
        for name, figures in report["train"].items():
            lines.append(f"  {name:<36}{figures['train.vae']:9.0f}{figures['train.classifier']:11.0f}")
    lines.append("\nratios")
    lines += [f"  {name:<58}{value:6.2f}" for name, value in report["ratios"].items()]
    return "\n".join(lines)


def ratios(report):
    lens, eager, onnx = (figures["p50"] for figures in report["frame"].values())
    found = {
        "time of a frame, Latent Lens / PyTorch eager (p50)": lens / eager,
        "time of a frame, Latent Lens / ONNX Runtime (p50)": lens / onnx,
    }
    if "train" in report:
        lens, eager = report["train"].values()
        for name, what in (("train.vae", "VAE"), ("train.classifier", "ResNet-18")):
            found[f"training throughput of the {what}, Latent Lens / PyTorch"] = lens[name] / eager[name]
    return found


def main():
    args = arguments()
    torch.set_num_threads(args.threads)
    torch.manual_seed(0)
    bundle = Bundle(args.model)
    report = {
        "machine": machine(),
        "versions": {"torch": torch.__version__, "onnxruntime": onnxruntime.__version__},
        "model": args.model.name,
        "rounds": args.rounds,
        "difference": check_agreement(args, bundle),
        "frame": in_turns(frame_sides(args, bundle), args.rounds, "frame"),
    }
    if args.train:
        report["train"] = in_turns(train_sides(args, bundle), args.rounds, "train")
    report["ratios"] = ratios(report)
    print(json.dumps(report, indent=2) if args.json else table(report))


if __name__ == "__main__":
    main()
