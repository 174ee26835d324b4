"""The interfaces that instances tell of themselves, where no file lists the interfaces of a Region."""

from collections.abc import Iterator, Mapping

import jmespath  # type: ignore[import-untyped]  # it has no types

from checker.model.call import ListCall, Raw

INTERFACE = "NetworkInterface"
INSTANCES = ListCall(
    service="ec2", operation="describe_instances", type="Instance", result="Reservations[].Instances[]"
)


def of_instances(values: Mapping[str, object]) -> Iterator[Raw]:
    """Yield the interfaces in an answer about instances, as a listing of interfaces would tell them.

    They are not all that there are: those of load balancers, databases and the like belong to no instance.
    Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InstanceNetworkInterface.html
    """
    found = jmespath.search(INSTANCES.result, dict(values))
    for instance in found if isinstance(found, list) else ():
        listed = instance.get("NetworkInterfaces") if isinstance(instance, Mapping) else None
        for interface in listed if isinstance(listed, list) else ():
            if isinstance(interface, Mapping) and "NetworkInterfaceId" in interface:
                attachment = {**_inside(interface, "Attachment"), "InstanceId": instance.get("InstanceId")}
                zone = {"AvailabilityZone": _inside(instance, "Placement").get("AvailabilityZone")}
                yield {**zone, **interface, "Attachment": attachment}


def _inside(item: Raw, key: str) -> Raw:
    value = item.get(key)
    return value if isinstance(value, Mapping) else {}
