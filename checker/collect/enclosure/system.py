"""Linux's own calls that Python has no names for.

Source: https://man7.org/linux/man-pages/man2/unshare.2.html, https://man7.org/linux/man-pages/man2/mount.2.html,
https://man7.org/linux/man-pages/man2/prctl.2.html
"""

from __future__ import annotations

import ctypes
import os

CLONE_NEWNS = 0x00020000
CLONE_NEWUTS = 0x04000000
CLONE_NEWIPC = 0x08000000
CLONE_NEWUSER = 0x10000000
CLONE_NEWPID = 0x20000000
CLONE_NEWNET = 0x40000000

MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC = 1, 2, 4, 8
MS_REMOUNT, MS_NOATIME, MS_NODIRATIME, MS_BIND = 32, 1024, 2048, 4096
MS_REC, MS_PRIVATE, MS_RELATIME = 16384, 1 << 18, 1 << 21

PR_SET_PDEATHSIG, PR_CAPBSET_DROP, PR_SET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS = 1, 24, 36, 38

_LIBC = ctypes.CDLL(None, use_errno=True)


def _checked(result: int, what: str) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


def unshare(flags: int) -> None:
    """Leave namespaces for new ones; raises `OSError`."""
    _checked(_LIBC.unshare(flags), "unshare")


def mount(source: str, target: str, type_: str, flags: int, data: str = "") -> None:
    """Mount; raises `OSError`, which names the target."""
    parts = (os.fsencode(source), os.fsencode(target), type_.encode(), ctypes.c_ulong(flags), os.fsencode(data))
    _checked(_LIBC.mount(*parts), f"mount {target}")


def prctl(option: int, value: int) -> None:
    """Change what the kernel does with this process; raises `OSError`."""
    _checked(_LIBC.prctl(option, ctypes.c_ulong(value), 0, 0, 0), f"prctl {option}")
