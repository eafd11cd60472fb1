"""What is known of models by name: each row is sound, and names as hubs write them find theirs."""

from __future__ import annotations

from pathlib import Path

import pytest

from medalist.agent.llm.profiles import (
    ProfileRow,
    own_file,
    plain_name,
    profile_for,
    row_for,
    shipped_rows,
)
from medalist.errors import BadInput

# Name, the first pattern of its row, whether it thinks first, temperature.
NAMES = """
o1                                                o1              think  -
o1-mini                                           o1-preview*     think  -
o3-mini-2025-01-31                                o1              think  -
o4-mini                                           o1              think  -
gpt-5                                             gpt-5*          think  -
gpt-5.4-mini                                      gpt-5*          think  -
openai/gpt-5.5                                    gpt-5*          think  -
gpt-5-chat-latest                                 gpt-5*chat*     plain  -
gpt-4.1-mini                                      gpt-3.5*        plain  -
openai/gpt-oss-120b                               gpt-oss*        think  1.0
gpt-oss:20b                                       gpt-oss*        think  1.0
unsloth/gpt-oss-120b-GGUF:Q4_K_M                  gpt-oss*        think  1.0
C:\\models\\gpt-oss-20b-mxfp4.gguf                gpt-oss*        think  1.0
anthropic/claude-sonnet-4.5                       claude-3-7*       plain  1.0
us.anthropic.claude-opus-4-1-20250805-v1:0        claude-3-7*       plain  1.0
claude-haiku-4-5@20251001                         claude-3-7*       plain  1.0
claude-3-7-sonnet-thinking                        claude*thinking* think -
google/gemini-2.5-pro                             gemini-2.5*     think  1.0
models/gemini-3-flash-preview                     gemini-2.5*     think  1.0
gemini-2.0-flash                                  gemini-1*       plain  1.0
google/gemma-3-27b-it                             gemma-3*        plain  1.0
deepseek-chat                                     deepseek-chat*  plain  -
deepseek-reasoner                                 deepseek-reasoner* think -
deepseek-ai/DeepSeek-V3-0324                      deepseek-chat*  plain  -
deepseek-ai/DeepSeek-V3.1-Terminus                deepseek-v3.1*  open   0.6
accounts/fireworks/models/deepseek-v3p2           deepseek-v3.2*  open   1.0
deepseek-ai/DeepSeek-V4-Pro-FP8                   deepseek-v[4-9]* think 1.0
deepseek-r1:70b                                   deepseek-r1*    think  0.6
deepseek-ai/DeepSeek-R1-0528-Qwen3-8B             deepseek-r1*    think  0.6
deepseek-ai/DeepSeek-R1-Distill-Llama-70B         *deepseek-r1-distill* think 0.6
Qwen/Qwen2.5-Coder-32B-Instruct-AWQ               qwen1*          plain  0.7
qwen2.5-coder-1.5b-instruct-q4_k_m                qwen2.5-coder-*-instruct-q4-k-m plain -
Qwen/QwQ-32B                                      qwq*            think  0.6
Qwen/Qwen3-32B-FP8                                qwen3*          think  0.6
qwen3:8b                                          qwen3*          think  0.6
hf.co/unsloth/Qwen3-32B-GGUF:Q4_K_M               qwen3*          think  0.6
/models/Qwen3-14B-Q4_K_M.gguf                     qwen3*          think  0.6
/models/Qwen3-14B/                                qwen3*          think  0.6
/root/.cache/huggingface/hub/models--Qwen--Qwen3-8B/snapshots/abc123 qwen3* think 0.6
Qwen/Qwen3-235B-A22B-Thinking-2507-FP8            qwen3*thinking* think  0.6
Qwen/Qwen3-235B-A22B-Instruct-2507                qwen3*instruct* plain  0.7
qwen/qwen3-30b-a3b-2507                           qwen3*instruct* plain  0.7
Qwen/Qwen3-Coder-480B-A35B-Instruct               qwen3*instruct* plain  0.7
Qwen/Qwen3-Next-80B-A3B-Thinking                  qwen3*thinking* think  0.6
Qwen/Qwen3.6-27B                                  qwen3.[5-9]*    think  0.6
mlx-community/Qwen3.5-122B-A10B-4bit              qwen3.[5-9]*    think  0.6
Qwen/Qwen3.8-27B-FP8                              qwen3.[89]*     think  1.0
accounts/fireworks/models/qwen3p8-2p4t-a95b       qwen3.[89]*     think  1.0
Qwen/Qwen3.5-0.8B                                 qwen3.5-[0-9].[0-9]b* open 0.6
moonshotai/Kimi-K2-Instruct-0905                  kimi-k2*instruct* plain 0.6
moonshotai/Kimi-K2-Thinking                       kimi-k2*thinking* think 1.0
moonshotai/Kimi-K2.5                              kimi-k2*thinking* think 1.0
kimi-k3                                           kimi-k2*thinking* think 1.0
zai-org/GLM-4.5-Air-FP8                           glm-4.5*        think  0.6
zai-org/GLM-4.6                                   glm-4.[6-9]*    think  1.0
accounts/fireworks/models/glm-4p7                 glm-4.[6-9]*    think  1.0
zai-org-glm-5                                     glm-4.[6-9]*    think  1.0
z-ai/glm-5:free                                   glm-4.[6-9]*    think  1.0
mistralai/Magistral-Small-2509                    magistral*      think  0.7
mistralai/Mistral-Small-3.2-24B-Instruct-2506     mistral*        plain  0.15
mistralai/Devstral-Small-2507                     codestral*      plain  0.15
mistralai/Mistral-Small-4-119B-2603               mistral-small-4* think 0.7
mistral-medium-3-5                                mistral-small-4* think 0.7
mistralai/Ministral-3-14B-Reasoning-2512          magistral*      think  0.7
meta-llama/Llama-3.3-70B-Instruct                 *llama-2*       plain  0.6
llama3.1:8b                                       *llama-2*       plain  0.6
meta-llama/Meta-Llama-3.1-405B-Instruct-Turbo     *llama-2*       plain  0.6
nvidia/Llama-3_3-Nemotron-Super-49B-v1_5          llama-3*nemotron* open 0.6
nvidia/NVIDIA-Nemotron-Nano-9B-v2                 *nemotron-nano* think  0.6
nvidia/NVIDIA-Nemotron-3-Nano-30B-A3B-FP8         *nemotron-3*    think  1.0
nvidia/NVIDIA-Nemotron-3-Super-120B-A12B-FP8      *nemotron-3-super* think 1.0
nvidia/NVIDIA-Nemotron-3.5-Lightning-30B-A3B-BF16 *nemotron-3-super* think 1.0
XiaomiMiMo/MiMo-V2.5-Pro                          mimo-v2*        open   -
XiaomiMiMo/MiMo-7B-RL                             exaone-deep*    think  0.6
tencent/Hy3-preview                               hy3*            open   0.9
nvidia/Nemotron-Cascade-14B-Thinking              nemotron-cascade* think 0.6
nvidia/Nemotron-Cascade-2-30B-A3B                 nemotron-cascade-2* think 1.0
MiniMaxAI/MiniMax-M2.1                            minimax-m[2-9]* think  1.0
MiniMaxAI/MiniMax-M1-80k                          minimax-m1*     think  1.0
x-ai/grok-4-fast                                  grok-3-mini*    think  -
grok-4-fast-non-reasoning                         grok-4*non-reasoning* plain -
ByteDance-Seed/Seed-OSS-36B-Instruct              seed-oss*       think  1.1
microsoft/Phi-4-reasoning-plus                    phi-4*reasoning* think 0.8
acme/Wonder-7B-Instruct                           *instruct*      plain  -
acme/wonder-7b-r1-preview                         *thinking*      think  -
acme/wonder-7b                                    -               open   -
""".strip().splitlines()


@pytest.mark.parametrize("line", NAMES, ids=lambda line: line.split()[0].replace("\\", "/"))
def test_a_name_as_a_hub_writes_it_finds_its_row(line: str) -> None:
    name, pattern, thinks, temperature = line.split()
    row, profile = row_for(name.replace("\\\\", "\\")), profile_for(name, {})
    assert (row.match[0] if row else "-") == pattern
    assert profile.thinking is {"think": True, "plain": False, "open": None}[thinks]
    advised = profile.advice.temperature
    assert advised == (None if temperature == "-" else float(temperature))


@pytest.mark.parametrize("row", shipped_rows(), ids=lambda row: row.match[0])
def test_each_row_is_sound(row: ProfileRow) -> None:
    assert row.source.startswith("http") or row.source.split()[0] == "the"
    assert row.as_of is not None
    assert row.fields, "it says something"
    # A pattern that no plain name can fit would never count.
    assert all(plain_name(text.replace("*", "")) == text.replace("*", "") for text in row.match)
    if row.thinking:
        assert 16_384 <= profile_for("m", row.fields).thinking_tokens <= 65_536


def test_rows_of_ones_own_are_laid_on_top(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    own_file().parent.mkdir(parents=True, exist_ok=True)
    own_file().write_text(
        '[[profile]]\nmatch = ["qwen3*"]\nseed = false\n'
        '[[profile]]\nmatch = ["acme/wonder"]\nadvice = { top_k = 7 }\n'
    )
    profile = profile_for("Qwen/Qwen3-8B", {"stop": False})
    assert (profile.seed, profile.stop, profile.thinking) == (False, False, True)
    assert profile.advice.temperature == 0.6
    assert profile_for("Acme/Wonder", {}).advice.top_k == 7
    own_file().write_text('[[profile]]\nmatch = ["x"]\nthinks = 1\n')
    with pytest.raises(BadInput, match=r"profiles\.toml: profile\.0\.thinks"):
        profile_for("x", {})
