"""What a registration is answered with: what it was given, what the provider would compute, and its id."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from google.protobuf.message import Message

from .answers import Answer
from .calls import CALL
from .events import Events
from .request import Request
from .spelling import Spelling
from .values import UNKNOWN, is_unknown, revealed, secret, settled

_PROVIDERS = "pulumi:providers:"
_REFERENCE = "pulumi:pulumi:StackReference"
_CERTIFICATE, _VALIDATIONS = "aws:acm/certificate:Certificate", "domainValidationOptions"


class Outputs:
    """Makes outputs of one run's resources; the Regions of its providers are learned from their registrations."""

    def __init__(self, request: Request, spelling: Spelling, events: Events) -> None:
        self._request = request
        self._spelling = spelling
        self._events = events
        self._regions: dict[str, str] = {}

    def of_registration(
        self, request: Message, inputs: Mapping[str, object], made: Answer
    ) -> tuple[dict[str, object], str]:
        """Return the outputs and the id of a registration, an empty one where it is not known."""
        given = {name: settled(value) for name, value in inputs.items()}
        if request.type.startswith(_PROVIDERS):
            region = revealed(given.get("region"))
            self._regions[made.owner] = region if isinstance(region, str) and not is_unknown(region) else ""
            return given, str(uuid.uuid5(uuid.NAMESPACE_URL, made.owner))
        if not (request.custom or request.remote):
            return given, ""
        call = CALL.get()
        if self._spelling.is_preview:
            return made.outputs(call.cls if call is not None else None, given), request.importId
        identity = ""
        if request.custom:
            identity = request.importId or made.text("id")
        if request.type == _CERTIFICATE and (names := _names_of_certificate(given)):
            made.lengths[_VALIDATIONS] = names
        outputs = made.outputs(call.cls if call is not None else None, given)
        if request.custom and request.type.startswith("aws:") and "arn" not in outputs:
            outputs["arn"] = made.text("arn")
        region = self.region(request.provider)
        if region and outputs.get("region") and "region" not in given:
            outputs["region"] = region
            made.issued = {text: path for text, path in made.issued.items() if path != "region"}
        for name in request.additionalSecretOutputs:
            if name in outputs:
                outputs[name] = secret(outputs[name])
        return outputs, identity

    def of_read(self, request: Message, inputs: Mapping[str, object], made: Answer) -> dict[str, object]:
        """Return what is known of a resource that stands elsewhere."""
        given = {name: settled(value) for name, value in inputs.items()}
        if request.type == _REFERENCE:
            return self._of_stack(made, request.name, request.id, given)
        if request.id == UNKNOWN:
            return given
        call = CALL.get()
        return made.outputs(call.cls if call is not None else None, given)

    def _of_stack(self, made: Answer, name: str, stack: str, given: dict[str, object]) -> dict[str, object]:
        known = self._request.stack_outputs
        outputs = known.get(stack, known.get(stack.rsplit("/", 1)[-1]))
        self._events.tell("stack_reference", name=name, stack=stack, urn=made.owner, given=outputs is not None)
        if outputs is None:
            # Not even the names of its outputs are known: each that is asked for is unknown.
            return {"name": stack}
        secrets = [key for key, value in outputs.items() if revealed(value) is not value or value == "[secret]"]
        shown = {key: secret(made.text(f"outputs.{key}")) if key in secrets else outputs[key] for key in outputs}
        return {**given, "name": stack, "outputs": shown, "secretOutputNames": secrets}

    def region(self, provider: str) -> str:
        """Return the Region that a provider works in, empty if not known."""
        urn = provider.rsplit("::", 1)[0]
        return self._regions.get(urn, "") or (self._request.region if urn not in self._regions else "")


def _names_of_certificate(given: Mapping[str, object]) -> int:
    """Return how many names a certificate is for, each of which is validated, 0 if not known."""
    others = given.get("subjectAlternativeNames", [])
    if is_unknown(dict(given)) or not isinstance(others, list):
        return 0
    return len({given.get("domainName"), *map(str, others)})
