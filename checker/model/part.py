"""Records that tell a part of another: an input may spell one thing in several records."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Part:
    """Records of type `type` complete the record of type `of` whose id stands in their field `by`.

    The raw record of the whole has under the key `type` the list of its parts' raw records. Where it is not known whose
    a part is, or which parts there are, a `Missing` stands in that list (or in its place) in every record it could
    belong to.

    With a field `to` it is the whole that names the records: those whose `by`, their id, stands in its field `to`, as
    the subnet of a NAT gateway tells in which VPC that is. One that is not among what was read is not in the list, so
    an absent list says nothing.
    """

    type: str
    of: str
    by: str
    to: str = "id"
