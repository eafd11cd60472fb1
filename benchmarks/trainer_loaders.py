"""Opens exported training data with the trainers' own code: what they read, row by row.

    medalist export RUN out/sft-trl --as sft --for trl        (folders are named FORM-TRAINER)
    PYTHON_OF_THE_TRAINER benchmarks/trainer_loaders.py trl out [--only sft]

Runs in an environment of the trainer's own and needs no medalist. The tokenizer is made here, of
bytes, with ChatML's template; TRL also takes a training step with a model of a few thousand random
weights. One JSON object a folder: trainer, version, folder, rows of the file, rows read, or why
not. Exit code 1 if a folder was not read in full.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from importlib import metadata
from pathlib import Path
from types import SimpleNamespace
from typing import Any

TEMPLATE = (
    "{% for m in messages %}{{ '<|im_start|>' + m['role'] + '\\n' + m['content'] + "
    "'<|im_end|>\\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"
)
LONGEST = 1 << 15


def tokenizer() -> Any:
    """Return a tokenizer of bytes with ChatML's marks."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    raw = Tokenizer(models.BPE({one: at for at, one in enumerate(alphabet)}, []))
    raw.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    raw.decoder = decoders.ByteLevel()
    marks = ["<|im_start|>", "<|im_end|>", "<|pad|>"]
    raw.add_special_tokens(marks)
    made = PreTrainedTokenizerFast(
        tokenizer_object=raw, eos_token=marks[1], pad_token=marks[2], model_max_length=LONGEST
    )
    made.chat_template = TEMPLATE
    return made


def tiny_model(size: int, folder: Path) -> str:
    """Write a causal model with few random weights, and its tokenizer."""
    from transformers import LlamaConfig, LlamaForCausalLM

    config = LlamaConfig(
        vocab_size=size, hidden_size=8, intermediate_size=8, num_hidden_layers=1,
        num_attention_heads=1, num_key_value_heads=1, max_position_embeddings=LONGEST,
    )  # fmt: skip
    LlamaForCausalLM(config).save_pretrained(folder)
    tokenizer().save_pretrained(folder)
    return str(folder)


def trl(form: str, file: Path) -> int:
    """Let TRL's trainer prepare all rows and take one step."""
    import trl as library
    from datasets import load_dataset

    rows = load_dataset("json", data_files=str(file), split="train")
    words = tokenizer()
    with tempfile.TemporaryDirectory() as folder:
        model = tiny_model(len(words), Path(folder, "model"))
        names = {"sft": "SFT", "dpo": "DPO", "kto": "KTO", "steps": "KTO", "rl": "GRPO"}
        trainer = getattr(library, f"{names[form]}Trainer")
        options: dict[str, Any] = {
            "output_dir": folder, "max_steps": 1, "per_device_train_batch_size": 2,
            "report_to": "none", "use_cpu": True, "bf16": False, "logging_steps": 1,
        }  # fmt: skip
        options |= (
            {"num_generations": 2, "max_completion_length": 4}
            if form == "rl"
            else {"max_length": LONGEST}
        )
        rewards: dict[str, Any] = {}
        if form == "rl":
            rewards["reward_funcs"] = lambda problem, **_: [float(len(p)) for p in problem]
        config = getattr(library, f"{names[form]}Config")(**options)
        made = trainer(
            model=model, args=config, train_dataset=rows, processing_class=words, **rewards
        )
        made.train()
        return len(made.train_dataset)


def verl(form: str, file: Path) -> int:
    """Read every row through verl's data sets."""
    from omegaconf import OmegaConf

    words = tokenizer()
    if form == "sft":
        from verl.utils.dataset.multiturn_sft_dataset import MultiTurnSFTDataset

        config = OmegaConf.create({"max_length": LONGEST, "pad_mode": "no_padding"})
        read: Any = MultiTurnSFTDataset(str(file), words, config)
        rows = [read[at] for at in range(len(read))]
        return sum(bool(row["loss_mask"].sum() > 0) for row in rows)
    if form == "dpo":
        from verl.utils.dataset.rm_dataset import RMDataset

        read = RMDataset(str(file), words, max_length=LONGEST)
        rows = [read[at] for at in range(len(read))]
        return sum(bool((row["input_ids"][0] != row["input_ids"][1]).any()) for row in rows)
    from verl.utils.dataset.rl_dataset import RLHFDataset, collate_fn

    config = OmegaConf.create(
        {"max_prompt_length": LONGEST, "return_raw_chat": True, "truncation": "error"}
    )
    read = RLHFDataset(str(file), words, config)
    rows = [read[at] for at in range(len(read))]
    batch = collate_fn(rows)
    assert all(isinstance(each["ground_truth"], str) for each in batch["reward_model"])
    return len(batch["data_source"])


def openrlhf(form: str, file: Path) -> int:
    """Read every row through OpenRLHF's data sets, with the options that docs/training.md names."""
    from datasets import load_dataset
    from openrlhf.datasets import PromptDataset, RewardDataset, SFTDataset

    rows = load_dataset("json", data_files=str(file), split="train")
    keys = {
        "sft": {"input_key": "messages", "output_key": None},
        "dpo": {"prompt_key": "prompt", "chosen_key": "chosen", "rejected_key": "rejected"},
        "rl": {"input_key": "input", "label_key": "label"},
    }[form]
    told = SimpleNamespace(data=SimpleNamespace(apply_chat_template=True, **keys))
    strategy = SimpleNamespace(args=told, is_rank_0=lambda: True)
    if form == "sft":
        read: Any = SFTDataset(
            rows, tokenizer(), LONGEST, strategy, num_processors=1, multiturn=True
        )
        return sum(bool(read[at][2].sum() > 0) for at in range(len(read)))
    if form == "dpo":
        read = RewardDataset(rows, tokenizer(), LONGEST, strategy, is_dpo=True, num_processors=1)
        return len([read[at] for at in range(len(read))])
    read = PromptDataset(rows, tokenizer(), strategy)
    return sum(bool(read[at][1] and read[at][2]) for at in range(len(read)))


def llamafactory(form: str, file: Path) -> int:
    """Read a folder by its dataset_info.json, as a training does."""
    from llamafactory.data import get_dataset, get_template_and_fix_tokenizer
    from llamafactory.hparams import DataArguments, ModelArguments
    from transformers import Seq2SeqTrainingArguments

    (name,) = [
        name
        for name, entry in json.loads((file.parent / "dataset_info.json").read_text()).items()
        if entry["file_name"] == file.name
    ]
    words = tokenizer()
    data = DataArguments(
        dataset=name, dataset_dir=str(file.parent), template="qwen", cutoff_len=LONGEST,
        overwrite_cache=True,
    )  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        training = Seq2SeqTrainingArguments(output_dir=folder, use_cpu=True, report_to="none")
        model = ModelArguments(model_name_or_path=folder)
        template = get_template_and_fix_tokenizer(words, data)
        stage: Any = {"sft": "sft", "dpo": "rm", "kto": "kto", "steps": "kto"}[form]
        read = get_dataset(template, model, data, training, stage=stage, tokenizer=words)
        return len(read["train_dataset"])


def axolotl(form: str, file: Path) -> int:
    """Check a configuration, and load what it names."""
    from axolotl.common.datasets import load_datasets, load_preference_datasets
    from axolotl.utils.config import normalize_config, validate_config
    from axolotl.utils.dict import DictDefault

    words = tokenizer()
    kinds: dict[str, dict[str, Any]] = {
        "sft": {"type": "chat_template", "field_messages": "messages"},
        "dpo": {"type": "chat_template.default"},
        "steps": {"type": "stepwise_supervised", "step_separator": "\n\n"},
        "rl": {},
    }
    with tempfile.TemporaryDirectory() as folder:
        model = tiny_model(len(words), Path(folder, "model"))
        told = {
            "base_model": model, "tokenizer_config": model, "chat_template": "tokenizer_default",
            "datasets": [{"path": str(file), "ds_type": "json", "split": "train", **kinds[form]}],
            "sequence_len": LONGEST, "dataset_prepared_path": str(Path(folder, "prepared")),
            "output_dir": str(Path(folder, "out")), "micro_batch_size": 1, "num_epochs": 1,
            "gradient_accumulation_steps": 1, "learning_rate": 1e-4, "optimizer": "adamw_torch",
            "dataset_num_proc": 1, "val_set_size": 0, "sample_packing": False,
        }  # fmt: skip
        if form in ("dpo", "rl"):
            told["rl"] = {"dpo": "dpo", "rl": "grpo"}[form]
        if form == "steps":
            told |= {"process_reward_model": True, "num_labels": 2}
            told["model_type"] = "AutoModelForTokenClassification"
        config = validate_config(DictDefault(told))
        normalize_config(config)
        load = load_preference_datasets if config.rl else load_datasets
        return len(load(cfg=config).train_dataset)


def nemo_rl(form: str, file: Path) -> int:
    """Read every row with NeMo RL's data sets and the processors of its trainings."""
    from nemo_rl.data.datasets.preference_datasets import load_preference_dataset
    from nemo_rl.data.datasets.response_datasets import load_response_dataset
    from nemo_rl.data.processors import (
        nemo_gym_data_processor,
        preference_preprocessor,
        sft_processor,
    )

    words = tokenizer()
    config: Any = {"data_path": str(file)}
    if form == "dpo":
        pairs = load_preference_dataset(config | {"dataset_name": "PreferenceDataset"})
        process: Any = preference_preprocessor
        given: Any = pairs
    elif form == "sft":
        given = load_response_dataset(config | {"dataset_name": "openai_format"})
        process = sft_processor
    else:
        given = load_response_dataset(config | {"dataset_name": "NemoGymDataset"})
        process = nemo_gym_data_processor
    rows = [
        process(row, given.task_spec, words, LONGEST, at) for at, row in enumerate(given.dataset)
    ]
    return sum(row.get("loss_multiplier", 1.0) > 0 for row in rows)


TRAINERS = {
    "trl": trl, "verl": verl, "openrlhf": openrlhf, "llamafactory": llamafactory,
    "axolotl": axolotl, "nemo-rl": nemo_rl,
}  # fmt: skip


def main() -> int:
    """Read each folder of a trainer's."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("trainer", choices=TRAINERS)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", help="this form alone")
    given = parser.parse_args()
    try:
        version = metadata.version(given.trainer)
    except metadata.PackageNotFoundError:
        version = "unknown"
    bad = False
    for folder in sorted(given.folder.glob(f"*-{given.trainer}*")):
        form = folder.name.split("-")[0]
        manifest = json.loads((folder / "manifest.json").read_text())
        if given.only not in (None, form):
            continue
        (file,) = [
            folder / each["name"]
            for each in manifest["files"]
            if each["name"] in ("train.jsonl", "train.parquet")
        ]
        row = {"trainer": given.trainer, "version": version, "folder": folder.name}
        row |= {"rows": manifest["rows"]["train"]}
        try:
            row["read"] = TRAINERS[given.trainer](form, file)
        except Exception as error:  # whatever it says is the result
            row |= {"read": 0, "error": f"{type(error).__name__}: {error}"[:400]}
        bad |= row["read"] != row["rows"]
        print(json.dumps(row), flush=True)
    return int(bad)


if __name__ == "__main__":
    sys.exit(main())
