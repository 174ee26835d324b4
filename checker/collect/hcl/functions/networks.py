"""Functions of address blocks.

Source: https://developer.hashicorp.com/terraform/language/functions/cidrsubnet
"""

from __future__ import annotations

import ipaddress

from checker.collect.hcl.convert import text_of, whole_of
from checker.collect.hcl.functions.function import Function, pure
from checker.collect.hcl.values import FailureError, UndecidedError, Value
from checker.model.fact import Missing

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_MAX_SUBNETS = 10_000


def _network(value: Value) -> Network:
    text = text_of(value)
    address, slash, prefix = text.partition("/")
    try:
        if not slash or not prefix.isascii() or not prefix.isdigit() or "%" in address:
            raise ValueError(text)  # noqa: TRY301 - the same refusal as the library's
        if ":" not in address:  # Terraform's own reading takes octets with leading zeros
            address = ".".join(
                str(int(part)) if part.isascii() and part.isdigit() else part for part in address.split(".")
            )
        return ipaddress.ip_network(f"{address}/{prefix}", strict=False)
    except ValueError:
        raise FailureError("the text is no address block") from None


def _block(network: Network, address: int, prefix: int) -> str:
    return f"{type(network.network_address)(address)}/{prefix}"


def cidrsubnet(prefix: Value, newbits: Value, netnum: Value) -> Value:
    """Return a part of an address block by its number."""
    network, bits, number = _network(prefix), whole_of(newbits), whole_of(netnum)
    length = network.prefixlen + bits
    if bits < 0:
        raise UndecidedError(Missing("what a negative number of bits gives is not worked out"))
    if length > network.max_prefixlen:
        raise FailureError(f"the address block has no room for {bits} more bits")
    if number < 0:
        raise UndecidedError(Missing("what a negative number of a subnet gives is not worked out"))
    if number >= 2**bits:
        raise FailureError("the number of the subnet does not fit into its bits")
    return _block(network, int(network.network_address) + (number << (network.max_prefixlen - length)), length)


def cidrsubnets(prefix: Value, *newbits: Value) -> Value:
    """Return consecutive parts of an address block."""
    network = _network(prefix)
    if len(newbits) > _MAX_SUBNETS:
        raise UndecidedError(Missing("more than 10000 subnets"))
    position, end = int(network.network_address), int(network.network_address) + network.num_addresses
    result: list[Value] = []
    for value in newbits:
        bits = whole_of(value)
        length = network.prefixlen + bits
        if bits < 1:
            raise FailureError("a subnet needs at least one more bit")
        if bits > 32 or length > network.max_prefixlen:
            raise FailureError(f"the address block has no room for {bits} more bits")
        size = 1 << (network.max_prefixlen - length)
        position = -(-position // size) * size
        if position + size > end:
            raise FailureError("the address block has no room for all subnets")
        result.append(_block(network, position, length))
        position += size
    return result


def cidrhost(prefix: Value, hostnum: Value) -> Value:
    """Return an address of a block by its number."""
    network, number = _network(prefix), whole_of(hostnum)
    if number < 0:
        number += network.num_addresses
    if not 0 <= number < network.num_addresses:
        raise FailureError("the address block has no address of this number")
    return str(network.network_address + number)


def cidrnetmask(prefix: Value) -> Value:
    """Return the mask of a block of IPv4 addresses."""
    network = _network(prefix)
    if network.version != 4:
        raise FailureError("only blocks of IPv4 addresses have masks")
    return str(network.netmask)


FUNCTIONS: dict[str, Function] = {
    "cidrhost": pure(cidrhost, 2),
    "cidrnetmask": pure(cidrnetmask, 1),
    "cidrsubnet": pure(cidrsubnet, 3),
    "cidrsubnets": pure(cidrsubnets, 1, None),
}
