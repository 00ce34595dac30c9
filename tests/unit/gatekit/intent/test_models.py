"""The models say of every key what it is, and none of them is a place for a secret."""

from __future__ import annotations

import pytest

from gatekit.intent.data_centre import DataCentre
from gatekit.intent.places import models_below
from gatekit.intent.secret_words import SECRET_KEY
from gatekit.intent.site import Site
from gatekit.model import Frozen

MODELS = sorted({*models_below(Site), *models_below(DataCentre)}, key=lambda model: model.__name__)


def test_models_are_found_through_lists_options_and_unions() -> None:
    names = {model.__name__ for model in MODELS}
    assert {"Site", "Contact", "Artefact", "Pattern1", "BoundaryVlan", "OtherService", "Peer"} <= names


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_key_has_a_description(model: type[Frozen]) -> None:
    silent = [name for name, field in model.model_fields.items() if not field.description]
    assert silent == []
    assert model.__doc__


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_no_key_is_called_like_a_secret(model: type[Frozen]) -> None:
    assert [name for name in model.model_fields if SECRET_KEY.search(name)] == []


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_model_is_frozen_and_refuses_unknown_keys(model: type[Frozen]) -> None:
    assert model.model_config["frozen"]
    assert model.model_config["extra"] == "forbid"
