#!/usr/bin/env python3
"""Latent Lens beside PyTorch eager and ONNX Runtime: the same networks, weights and work, measured in turns.

    python3 benches/peers/compare.py --model assets/models/mnist [--device gpu] [--train] [--rounds 5] [--json]

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

ROOT = Path(__file__).resolve().parents[2]
sys.dont_write_bytecode = True
sys.path.insert(0, str(ROOT / "python"))
from latent_lens.networks import Bundle  # noqa: E402

# Ours and PyTorch's probabilities of one image: both compute with the same numbers, in another order.
TOLERANCE = 1e-3
LENS, EAGER, ONNX = "Latent Lens", "PyTorch eager", "ONNX Runtime (no maps)"
PERCENTILES = ("p50", "p95", "p99")


def arguments():
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    parser = argparse.ArgumentParser(description="Latent Lens beside PyTorch eager and ONNX Runtime.")
    parser.add_argument("--model", type=Path, default=ROOT / "assets/models/mnist", help="a bundle's folder")
    parser.add_argument("--binary", type=Path, default=target / "release/latent-lens")
    parser.add_argument("--device", choices=["cpu", "gpu"], default="cpu", help="where all sides compute")
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
    args.torch_device = torch_device(args, parser)
    return args


def torch_device(args, parser):
    """Where PyTorch computes: with --device gpu on the card that it knows how to use."""
    if args.device == "cpu":
        return torch.device("cpu")
    if torch.cuda.is_available():
        return torch.device("cuda")
    if torch.backends.mps.is_available():
        return torch.device("mps")
    parser.error(f"PyTorch {torch.__version__} finds no GPU: install its build for this card, or leave --device gpu out")


def ours(args, *command):
    """What the program prints as JSON. Relative paths of --model mean the same to it as to this script."""
    command = [args.binary, *command, "--model", args.model.resolve(), "--device", args.device, "--json"]
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
                latent = torch.tensor([drawn["latent"]], device=args.torch_device)
                logits = bundle.classifier(bundle.vae.decode(latent))
                found = (logits / bundle.temperature).softmax(1)[0].cpu().numpy()
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


def onnx_session(args):
    """A session where the other sides compute; `None` if ONNX Runtime cannot compute there."""
    provider = {"cpu": "CPUExecutionProvider", "cuda": "CUDAExecutionProvider", "mps": "CoreMLExecutionProvider"}
    provider = provider[args.torch_device.type]
    if provider not in onnxruntime.get_available_providers():
        print(f"note: ONNX Runtime is left out, since this build of it has no {provider}", file=sys.stderr)
        return None
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = args.threads
    bundle = Bundle(args.model)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "whole.onnx"
        example = (torch.zeros(1, bundle.latent_dim),)
        names = {"input_names": ["latents"], "output_names": ["image", "logits"]}
        with warnings.catch_warnings():
            # The other exporter needs another package; this one has been in PyTorch for long.
            warnings.simplefilter("ignore", DeprecationWarning)
            torch.onnx.export(Whole(bundle).eval(), example, str(path), dynamo=False, **names)
        return onnxruntime.InferenceSession(path.read_bytes(), options, providers=[provider])


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
    """Name and work of each side; every call gives the milliseconds of a turn's frames, all of whose results are on the
    host at the end. On a GPU there is also what the window does: its pictures stay there."""
    latents = torch.randn(args.frames, 1, bundle.latent_dim)
    names = {"cpu": ["frame.total"], "gpu": ["frame.total", "frame.live"]}[args.device]

    def torch_frame(latent):
        with torch.inference_mode():
            latent = latent.to(args.torch_device)
            image = bundle.vae.decode(latent)
            features = bundle.classifier.features(image)
            logits = bundle.classifier.head(features)
            maps = bundle.classifier.all_maps(features)
            probabilities = (logits / bundle.temperature).softmax(1)
            return image.cpu().numpy(), probabilities.cpu().numpy(), maps.cpu().numpy()

    def our_frames():
        figures = ours(args, "bench", "frame", "--frames", args.frames)["figures"]
        found = {figure["name"]: figure for figure in figures}
        return {f"{name} {key}": found[name][key] for name in names for key in PERCENTILES}

    def peer(work, inputs):
        times = timed(work, inputs)
        return {f"frame.total p{share}": float(np.percentile(times, share)) for share in (50, 95, 99)}

    sides = {LENS: our_frames, EAGER: lambda: peer(torch_frame, latents)}
    session = onnx_session(args)
    if session is not None:
        arrays = [latent.numpy() for latent in latents]
        for latent, array in zip(latents[:3], arrays):
            with torch.inference_mode():
                expected = bundle.classifier(bundle.vae.decode(latent.to(args.torch_device))).cpu().numpy()
            _, logits = session.run(None, {"latents": array})
            assert np.allclose(logits, expected, atol=1e-2), "ONNX Runtime computes other logits"
        sides[ONNX] = lambda: peer(lambda latent: session.run(None, {"latents": latent}), arrays)
    return sides


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
    device = args.torch_device
    images = torch.rand(args.batch_size, *bundle.shape, device=device)
    labels = torch.randint(bundle.classes, (args.batch_size,), device=device)
    smoothed = torch.nn.CrossEntropyLoss(label_smoothing=0.05)

    def torch_rates():
        common = {"steps": args.steps, "batch_size": args.batch_size}
        vae = train_rate(bundle.fresh_vae().to(device), lambda net: net.loss(images, labels), clip=True, **common)
        resnet = bundle.fresh_classifier().to(device)
        classifier = train_rate(resnet, lambda net: smoothed(net(images), labels), clip=False, **common)
        return {"train.vae": vae, "train.classifier": classifier}

    def our_rates():
        counts = ["--steps", args.steps, "--batch-size", args.batch_size]
        figures = ours(args, "bench", "train", *counts)["figures"]
        return {figure["name"]: figure["value"] for figure in figures}

    return {LENS: our_rates, EAGER: torch_rates}


def in_turns(sides, rounds, what):
    """Each side once a round, and for each figure the median over the rounds."""
    results = {name: [] for name in sides}
    for turn in range(rounds):
        for name, work in sides.items():
            print(f"{what}: round {turn + 1} of {rounds}, {name}", file=sys.stderr)
            results[name].append(work())
    return {
        name: {key: float(np.median([turn[key] for turn in turns])) for key in turns[0]}
        for name, turns in results.items()
    }


def machine(args):
    name = platform.processor() or platform.machine()
    if Path("/proc/cpuinfo").exists():
        lines = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
        name = lines[0].split(":", 1)[1].strip() if lines else name
    name = f"{name}, {os.cpu_count()} threads"
    return f"{name}; {torch.cuda.get_device_name()}" if args.torch_device.type == "cuda" else name


def table(report):
    versions = ", ".join(f"{name} {version}" for name, version in report["versions"].items())
    lines = [f"{report['machine']}; {versions}; {report['model']}; {report['device']}"]
    lines.append(f"largest difference of a probability between Latent Lens and PyTorch: {report['difference']:.1e}")
    median = f"median of {report['rounds']} rounds"
    lines.append(f"\n{'one frame, ms, ' + median:<40}" + "".join(f"{name:>8}" for name in PERCENTILES))
    for name, figures in report["frame"].items():
        for figure in dict.fromkeys(key.split()[0] for key in figures):
            picture = ", picture stays on the GPU" if figure == "frame.live" else ""
            numbers = "".join(f"{figures[f'{figure} {key}']:8.3f}" for key in PERCENTILES)
            lines.append(f"  {name + picture:<38}{numbers}")
    if "train" in report:
        lines.append(f"\n{'training, images/s, ' + median:<38}{'VAE':>9}{'ResNet-18':>11}")
        for name, figures in report["train"].items():
            lines.append(f"  {name:<36}{figures['train.vae']:9.0f}{figures['train.classifier']:11.0f}")
    lines.append("\nratios")
    lines += [f"  {name:<74}{value:8.2f}" for name, value in report["ratios"].items()]
    return "\n".join(lines)


def ratios(report):
    frame = report["frame"]
    found = {}
    for figure, picture in (("frame.total", ""), ("frame.live", ", picture on the GPU")):
        for peer in (EAGER, ONNX):
            for key in ("p50", "p99"):
                if peer in frame and f"{figure} {key}" in frame[LENS]:
                    ratio = frame[LENS][f"{figure} {key}"] / frame[peer][f"frame.total {key}"]
                    found[f"time of a frame{picture}, {LENS} / {peer} ({key})"] = ratio
    if "train" in report:
        lens, eager = report["train"][LENS], report["train"][EAGER]
        for name, what in (("train.vae", "VAE"), ("train.classifier", "ResNet-18")):
            found[f"training throughput of the {what}, {LENS} / {EAGER}"] = lens[name] / eager[name]
    return found


def main():
    args = arguments()
    torch.set_num_threads(args.threads)
    torch.manual_seed(0)
    bundle = Bundle(args.model)
    bundle.vae.to(args.torch_device), bundle.classifier.to(args.torch_device)
    report = {
        "machine": machine(args),
        "versions": {"torch": torch.__version__, "onnxruntime": onnxruntime.__version__},
        "model": args.model.name,
        "device": args.device,
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
