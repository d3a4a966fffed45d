"""Loads checkpoints with transformers and adapters with peft and writes what they answer (PythonRoundTripTest).

Argument: a JSON file with a list of jobs. Each has "base", a checkpoint's folder; perhaps "adapter", an adapter to load, or "create", the
arguments of a LoraConfig and a folder "adapter" to save a random adapter of it in; "ids", the tokens of one prompt; "logits", the file to write
the logits of its last token to; perhaps "texts", whose token ids go into the file "tokens".
"""
import json
import sys

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from safetensors.torch import save_file
from transformers import AutoModelForCausalLM, AutoTokenizer


def create(model, job):
    torch.manual_seed(1)
    adapted = get_peft_model(model, LoraConfig(init_lora_weights=False, **job["create"]))
    for name, parameter in adapted.named_parameters():
        if "trainable_tokens_delta" in name or "modules_to_save" in name:
            parameter.data.normal_(0, 0.3)
    adapted.save_pretrained(job["adapter"])
    return adapted


@torch.no_grad()
def answer(job):
    model = AutoModelForCausalLM.from_pretrained(job["base"], dtype=torch.float32, attn_implementation="eager")
    if "create" in job:
        model = create(model, job)
    elif "adapter" in job:
        model = PeftModel.from_pretrained(model, job["adapter"])
    logits = model.eval()(input_ids=torch.tensor([job["ids"]])).logits[0, -1:]
    save_file({"logits": logits.float().contiguous()}, job["logits"])
    if "texts" in job:
        tokenizer = AutoTokenizer.from_pretrained(job["base"])
        with open(job["tokens"], "w") as file:
            json.dump([tokenizer(text, add_special_tokens=False)["input_ids"] for text in job["texts"]], file)


for each in json.load(open(sys.argv[1])):
    answer(each)
