"""What the engine hands on bears no secret, whatever goes wrong."""

from __future__ import annotations

import pytest

from gatekit.devices.change.engine import change_device
from gatekit.devices.change.request import RevertedError
from gatekit.errors import DeviceError
from tests.unit.gatekit.devices.change.box import PASSWORD, PSK, BoxPlatform
from tests.unit.gatekit.devices.change.conftest import SECRETS
from tests.unit.gatekit.devices.change.wishes import WANTED, fails, passes, reverted

pytestmark = pytest.mark.peer


class FaultyPlatform(BoxPlatform):
    """Its library quotes what was sent, as libraries do."""

    def transaction(self):
        transaction = super().transaction()

        def push(session, change_set):
            raise RuntimeError(f"could not send {PSK} as {PASSWORD}")

        transaction.push = push
        return transaction


def test_a_fault_of_ours_takes_the_change_back_and_quotes_no_secret(lab):
    error = reverted(lab, FaultyPlatform(WANTED))
    assert error.facts[:3] == (
        "GW410",
        "box-k",
        "RuntimeError: could not send <secret vpn_psk> as <secret login_password>",
    )


class UnreadablePlatform(BoxPlatform):
    def observe(self, *_):
        raise ValueError(f"cannot read {PSK}")


def test_a_fault_of_ours_before_the_change_quotes_no_secret_either(lab):
    with pytest.raises(DeviceError) as fault:
        lab.change(UnreadablePlatform(WANTED))
    assert fault.value.facts[:3] == ("GW410", "box-k", "ValueError: cannot read <secret vpn_psk>")


@pytest.mark.parametrize(
    ("platform", "probes"),
    [
        (BoxPlatform(WANTED), (passes,)),
        (BoxPlatform(WANTED), (fails,)),
        (BoxPlatform({**WANTED, "refuse": "<secret vpn_psk>"}), ()),
        (BoxPlatform({**WANTED, "refuse": "<secret vpn_psk>"}, timed=False), ()),
        (FaultyPlatform(WANTED), ()),
    ],
    ids=["kept", "not proven", "refused", "refused without a timer", "our own fault"],
)
def test_no_secret_is_in_any_text_we_hand_on(lab, caplog, capfd, platform, probes):
    caplog.set_level("DEBUG")
    request = lab.request(platform, probes=probes)
    try:
        outcome = change_device(request, lab.record, lab.said.append)
        texts = [repr(outcome), outcome.model_dump_json()]
    except RevertedError as error:
        texts = [str(error), repr(error), repr(error.facts), error.outcome.model_dump_json()]
    shown = capfd.readouterr()
    texts += [repr(request), *lab.said, lab.record.path.read_text(), caplog.text, shown.out, shown.err]
    for secret in (*SECRETS.values(), PASSWORD, "fingerprint-key-of-the-vault"):
        assert [text for text in texts if secret in text] == []
