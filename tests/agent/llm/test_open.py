"""Which model is meant: options, environment, `.env`, config file."""

from __future__ import annotations

from pathlib import Path

import pytest

from medalist.agent.llm import open_model, traits_of
from medalist.agent.llm.contract import Message, ModelTraits, Request
from medalist.agent.llm.prices import find_price
from medalist.agent.llm.profiles import Profile
from medalist.agent.llm.scripted.scripted import Reply, ScriptedEndpoint
from medalist.agent.llm.settings import (
    EndpointLimits,
    EndpointSettings,
    ModelSettings,
    load_settings,
)
from medalist.errors import BadInput, ModelFailure

ASK = Request("a", (Message("user", "Add."),))


@pytest.fixture
def config(tmp_path: Path) -> Path:
    folder = tmp_path / "config" / "medalist"
    folder.mkdir(parents=True)
    return folder


def test_the_embedded_model_is_the_default() -> None:
    for spec in (None, "embedded:0.5b"):
        traits = traits_of(spec)
        assert (traits.prompt_form, traits.shares_cores) == ("small", True)
    assert traits_of("gpt-5-mini") == ModelTraits()


def test_the_only_model_of_the_base_url(monkeypatch: pytest.MonkeyPatch) -> None:
    with ScriptedEndpoint(model="the-one") as endpoint:
        monkeypatch.setenv("OPENAI_BASE_URL", endpoint.base_url)
        assert not traits_of(None).shares_cores
        model = open_model(None)
        assert model.name == "the-one"
        assert model.traits == ModelTraits()
        assert [c.text for c in model.complete([ASK])] == ["ok"]
        model.close()


def test_dotenv_and_environment_over_config_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, config: Path
) -> None:
    (config / "config.toml").write_text('model = "from-file"\n')
    assert load_settings().model == "from-file"
    (tmp_path / ".env").write_text("MEDALIST_MODEL=from-dotenv\nSOMETHING_ELSE=1\n")
    assert load_settings().model == "from-dotenv"
    monkeypatch.setenv("MEDALIST_MODEL", "from-environment")
    assert load_settings().model == "from-environment"


def test_endpoints_of_the_config_file_share_the_requests(
    monkeypatch: pytest.MonkeyPatch, config: Path
) -> None:
    with ScriptedEndpoint(model="a") as a, ScriptedEndpoint([Reply("hi")], model="b") as b:
        monkeypatch.setenv("KEY_OF_B", "sk-b")
        (config / "config.toml").write_text(
            f'[[endpoints]]\nmodel = "a"\nbase_url = "{a.base_url}"\n'
            f'[[endpoints]]\nmodel = "b"\nbase_url = "{b.base_url}"\napi_key_env = "KEY_OF_B"\n'
            "weight = 3\n[endpoints.profile]\nstream = true\n"
        )
        both = open_model(None)
        assert both.name == "a+b"
        both.close()
        model = open_model("b")
        assert [c.text for c in model.complete([ASK])] == ["hi"]
        model.close()
        assert b.log[0].headers["authorization"] == "Bearer sk-b"
        assert b.log[0].body["stream"] is True


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("model = 'x\n", "cannot be read"),
        ("modell = 'x'\n", "modell: unknown setting"),
        ("[[endpoints]]\nmodl = 'x'\n", "endpoints.0.model: Field required"),
        ("[[endpoints]]\nmodel = 'x'\nconcurrency = 0\n", "endpoints.0.concurrency"),
        ("[[endpoints]]\nmodel = 'x'\n[endpoints.profile]\nsistem = true\n", "sistem"),
        ("[[endpoints]]\nmodel = 'x'\n[endpoints.limits]\nrequests_per_hour = 1\n", "per_hour"),
    ],
)
def test_a_bad_config_file_is_named_with_its_field(config: Path, text: str, words: str) -> None:
    (config / "config.toml").write_text(text)
    with pytest.raises(BadInput) as caught:
        load_settings()
    assert words in str(caught.value)
    assert "config.toml" in str(caught.value)


def test_keys_are_not_shown(monkeypatch: pytest.MonkeyPatch, config: Path) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    assert "sk-secret" not in repr(load_settings())
    (config / "config.toml").write_text('[[endpoints]]\nmodel = "x"\napi_key = ["sk-secret"]\n')
    with pytest.raises(BadInput) as caught:
        load_settings()
    assert "sk-secret" not in str(caught.value)


def test_unknown_model_without_an_endpoint() -> None:
    with pytest.raises(BadInput, match=r"no endpoint is known for the model 'gpt-x' \(set OPENAI_"):
        open_model("gpt-x")


def test_an_endpoint_that_is_down_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    with pytest.raises(ModelFailure, match=r"127\.0\.0\.1:9.*name one with --model"):
        open_model(None)


def test_prices_can_be_edited(config: Path) -> None:
    assert find_price("my-model-large") is None
    (config / "prices.toml").write_text(
        '["my-model*"]\nprompt = 1\ncompletion = 2\ncached = 0.5\n'
        '["my-model-large"]\nprompt = 3\ncompletion = 4\n'
    )
    small, large = find_price("my-model-small"), find_price("my-model-large")
    assert small is not None
    assert large is not None
    assert (small.prompt, small.completion, small.cached) == (1, 2, 0.5)
    assert (large.prompt, large.completion, large.cached) == (3, 4, 3)
    (config / "prices.toml").write_text("[x]\nprompt = -1\ncompletion = 2\n")
    with pytest.raises(BadInput, match=r"prices\.toml: x\.prompt"):
        find_price("x")


def test_every_key_of_the_config_file_is_documented() -> None:
    page = (Path(__file__).parents[3] / "docs" / "configuration.md").read_text(encoding="utf-8")
    own = {"openai_base_url", "openai_api_key", "endpoints"}
    own |= {"anthropic_base_url", "anthropic_api_key"}
    fields = [
        *(set(ModelSettings.model_fields) - own),
        *EndpointSettings.model_fields,
        *EndpointLimits.model_fields,
        *Profile.model_fields,
    ]
    missing = [name for name in fields if f"`{name}`" not in page and f".{name}]" not in page]
    assert not missing
