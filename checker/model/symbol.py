"""A value that only an apply would settle, told by the expression that names it."""


class Symbol(str):
    """The name of a value that is not known yet, such as `aws_security_group.app` or `var.vpc_id`.

    It says who somebody is and nothing else: two equal symbols stand for equal values, so it may be passed on, put
    into lists and used as an id, but a decision that looks at the value itself (a comparison with another text, a
    condition, arithmetic) is unknown.
    """

    __slots__ = ()
