"""What one would write instead: transformers behind FastAPI, one prompt per candidate, a forward pass per request.

  python scripts/peer_serve.py CHECKPOINT

CHECKPOINT is a folder as `dti export RUN --output CHECKPOINT` writes it; needs torch, transformers, fastapi, uvicorn. Prints where it listens.
`dti bench serve RUN --python PYTHON --peer scripts/peer_serve.py --checkpoint CHECKPOINT` asks it and dti4j in one run, for the same token ids.
"""
import socket
import sys
import time

import torch
import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel
from transformers import AutoModelForCausalLM

torch.set_grad_enabled(False)


def seconds(dtype):
    x = torch.randn(512, 512).to(dtype)
    start = time.perf_counter()
    for _ in range(20):
        x @ x
    return time.perf_counter() - start


# the faster precision of this machine, as model.precision: auto chooses
fastest = min(torch.float32, torch.bfloat16, key=lambda dtype: min(seconds(dtype) for _ in range(3)))
print(f"the peer computes in {fastest}", file=sys.stderr)
model = AutoModelForCausalLM.from_pretrained(sys.argv[1], dtype=fastest).eval()
app = FastAPI()


class Request(BaseModel):
    prompts: list[list[int]]
    yes: int
    no: int


@app.post("/score")
def score(request: Request):
    longest = max(map(len, request.prompts))
    lengths = torch.tensor([len(prompt) for prompt in request.prompts])
    ids = torch.tensor([prompt + [0] * (longest - len(prompt)) for prompt in request.prompts])
    mask = (torch.arange(longest)[None] < lengths[:, None]).long()
    rows = []
    for at in range(0, len(ids), 8):  # as many at a time as is fastest on two cores
        part = slice(at, at + 8)
        hidden = model.model(input_ids=ids[part], attention_mask=mask[part]).last_hidden_state
        last = hidden[torch.arange(hidden.shape[0]), lengths[part] - 1]
        rows.append(model.lm_head(last)[:, [request.yes, request.no]].float().softmax(1)[:, 0])
    return {"probabilities": torch.cat(rows).tolist()}


listener = socket.socket()
listener.bind(("127.0.0.1", 0))
print(f"http://127.0.0.1:{listener.getsockname()[1]}", flush=True)
uvicorn.Server(uvicorn.Config(app, log_level="error")).run(sockets=[listener])
