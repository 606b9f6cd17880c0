#!/usr/bin/env python3
"""Trains a shipped model anew with PyTorch and transformers, by the recipe in its training.json.

usage: node out/cli/moescope.js corpus --seed 1 --chars 10000000 > text.txt
       python3 docs/retrain.py assets/models/dense-64 text.txt retrained [SEED]
       node out/cli/moescope.js eval retrained --tokens 260000

docs/retraining.md tells the recipe and what came out.
"""
import json
import math
import shutil
import sys
from pathlib import Path

import torch
from transformers import AutoConfig, AutoModelForCausalLM


def main(folder: Path, text: Path, out: Path, seed: int) -> None:
    recipe = json.loads((folder / "training.json").read_text())["recipe"]
    vocabulary = json.loads((folder / "tokenizer.json").read_text())["model"]["vocab"]
    torch.manual_seed(seed)
    model = AutoModelForCausalLM.from_config(AutoConfig.from_pretrained(folder), dtype=torch.float32)
    draw(model)
    optimiser = torch.optim.AdamW(
        [
            {"params": [p for p in model.parameters() if p.ndim > 1], "weight_decay": recipe["weight_decay"]},
            {"params": [p for p in model.parameters() if p.ndim == 1], "weight_decay": 0.0},
        ],
        betas=(recipe["beta1"], recipe["beta2"]),
        eps=recipe["epsilon"],
    )
    windows = batches(text, vocabulary, model.config.max_position_embeddings, recipe["batch"])
    steps = recipe["characters"] // (recipe["batch"] * model.config.max_position_embeddings)
    routed = hasattr(model.config, "num_local_experts")
    for step in range(steps):
        for group in optimiser.param_groups:
            group["lr"] = learning_rate(recipe, step, steps)
        tokens, targets = next(windows)
        output = model(tokens, use_cache=False, **({"output_router_logits": True} if routed else {}))
        loss = torch.nn.functional.cross_entropy(output.logits.flatten(0, 1), targets.flatten())
        if step % 100 == 0:
            print(f"step {step} of {steps}, loss {loss.item():.4f}", flush=True)
        balance = balance_loss(output.router_logits, model.config.num_experts_per_tok) if routed else 0.0
        optimiser.zero_grad()
        (loss + recipe["balance_loss"] * balance).backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), recipe["clip"])
        optimiser.step()
    model.save_pretrained(out)
    for name in ["tokenizer.json", "tokenizer_config.json"]:
        shutil.copy(folder / name, out / name)


def draw(model: torch.nn.Module) -> None:
    """Initial weights: norms 1; all else by the number of inputs, smaller where it writes into the residual stream."""
    residual = 1 / math.sqrt(2 * model.config.num_hidden_layers)
    for name, parameter in model.named_parameters():
        if parameter.ndim == 1:
            torch.nn.init.ones_(parameter)
        elif "embed_tokens" in name:
            torch.nn.init.normal_(parameter, std=0.5 / math.sqrt(parameter.shape[-1]))
        elif name.endswith("gate.weight"):
            torch.nn.init.normal_(parameter, std=0.02)
        else:
            writes = any(each in name for each in ["o_proj", "down_proj", "w2"])
            bound = (residual if writes else 1) / math.sqrt(parameter.shape[-1])
            torch.nn.init.uniform_(parameter, -bound, bound)


def batches(text: Path, vocabulary: dict[str, int], context: int, batch: int):
    """Windows that begin with the newline before a document, drawn with replacement, and the same one character on."""
    tokens = torch.tensor([vocabulary[character] for character in text.read_text()])
    starts = (tokens == vocabulary["\n"]).nonzero().flatten()
    starts = starts[starts + context < len(tokens)]
    places = torch.arange(context)
    while True:
        at = starts[torch.randint(len(starts), (batch, 1))] + places
        yield tokens[at], tokens[at + 1]


def learning_rate(recipe: dict, step: int, steps: int) -> float:
    """Linear warm-up, then a cosine that ends at `final_rate` of the peak."""
    warmup = min(1, (step + 1) / recipe["warmup_steps"])
    fall = 0.5 * (1 + math.cos(math.pi * step / steps))
    return recipe["learning_rate"] * warmup * (fall * (1 - recipe["final_rate"]) + recipe["final_rate"])


def balance_loss(router_logits: tuple[torch.Tensor, ...], top_k: int) -> torch.Tensor:
    """E sum f_e P_e of every layer (Fedus et al. 2021, equation 4), which is 1 where the load is even; their sum."""
    total = torch.zeros(())
    for logits in router_logits:
        probabilities = logits.softmax(-1)
        chosen = probabilities.topk(top_k, dim=-1).indices
        load = torch.nn.functional.one_hot(chosen, logits.shape[-1]).float().sum(1).mean(0) / top_k
        total = total + logits.shape[-1] * (load * probabilities.mean(0)).sum()
    return total


if __name__ == "__main__":
    if len(sys.argv) not in (4, 5):
        sys.exit(__doc__)
    main(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4]) if len(sys.argv) == 5 else 1)
