"""A world of its own for a program: no network, no other processes, nothing that it writes stays.

Source: https://man7.org/linux/man-pages/man7/namespaces.7.html,
https://docs.kernel.org/filesystems/overlayfs.html
"""

from __future__ import annotations

import errno
import fcntl
import os
import re
import socket
import struct
from contextlib import suppress

from checker.collect.enclosure import system
from checker.collect.enclosure.orders import Orders

_ALL = (
    system.CLONE_NEWUSER
    | system.CLONE_NEWNS
    | system.CLONE_NEWPID
    | system.CLONE_NEWNET
    | system.CLONE_NEWIPC
    | system.CLONE_NEWUTS
)
_CLOSED = system.MS_NOSUID | system.MS_NODEV
_FLAGS = {
    "nosuid": system.MS_NOSUID,
    "nodev": system.MS_NODEV,
    "noexec": system.MS_NOEXEC,
    "noatime": system.MS_NOATIME,
    "nodiratime": system.MS_NODIRATIME,
    "relatime": system.MS_RELATIME,
}
# Mount points in the list of mounts have these as octal numbers.
_ESCAPED = re.compile(r"\\([0-7]{3})")
_SIOCSIFFLAGS, _IFF_UP, _IFF_RUNNING = 0x8914, 0x1, 0x40


def leave() -> None:
    """Leave the namespaces of the machine: whoever is forked next is the first process of new ones.

    Raises:
        OSError: the machine does not let us.
    """
    user, group = os.getuid(), os.getgid()
    system.unshare(_ALL)
    _write("/proc/self/setgroups", "deny")
    _write("/proc/self/uid_map", f"0 {user} 1")
    _write("/proc/self/gid_map", f"0 {group} 1")


def _write(path: str, text: str) -> None:
    try:
        with open(path, "w", encoding="ascii") as file:  # noqa: PTH123  # as fast as it gets
            file.write(text)
    except OSError as error:
        raise OSError(error.errno, f"{path}: {error.strerror}") from error


def furnish(orders: Orders) -> None:
    """Make the new world of the first process: all that is there can be read, and nothing changed.

    The private folder is empty and in memory, and so is what becomes of changes in the project: the folder itself stays
    as it is. Raises `OSError`.
    """
    system.mount("none", "/", "", system.MS_REC | system.MS_PRIVATE)
    _make_read_only()
    for path in orders.hidden:
        _hide(path)
    os.makedirs(orders.private, exist_ok=True)  # noqa: PTH103  # it may be in a folder that is hidden
    _overlay(orders)
    _memory(orders.private, f"size={orders.disk},mode=700")
    with suppress(OSError):
        _memory("/dev/shm", f"size={orders.disk},mode=1777")  # noqa: S108  # it is the kernel's own place
    with suppress(OSError):
        _hide("/dev/pts")
    _new_proc()
    _loopback()


def _make_read_only() -> None:
    """Let nothing be written anywhere; a mount keeps the flags that it has, which are locked here."""
    with open("/proc/self/mountinfo", encoding="utf-8", errors="surrogateescape") as file:  # noqa: PTH123  # as above
        lines = file.readlines()
    for line in lines:
        _, _, _, _, point, options = line.split(" ")[:6]
        flags = sum(_FLAGS.get(option, 0) for option in options.split(","))
        path = _ESCAPED.sub(lambda found: chr(int(found[1], 8)), point)
        try:
            system.mount("none", path, "", system.MS_REMOUNT | system.MS_BIND | system.MS_RDONLY | flags)
        except OSError as error:
            # Another mount may lie above it, so that nobody reaches it.
            if error.errno not in (errno.ENOENT, errno.EACCES, errno.ENOTDIR):
                raise


def _memory(path: str, options: str) -> None:
    system.mount("tmpfs", path, "tmpfs", _CLOSED, options)


def _hide(path: str) -> None:
    if os.path.isdir(path):  # noqa: PTH112  # as above
        _memory(path, "size=1m,mode=755")
    elif os.path.exists(path):  # noqa: PTH110  # as above
        system.mount("/dev/null", path, "", system.MS_BIND)


def _overlay(orders: Orders) -> None:
    """Let a program write into its own folder, which stays as it is; where that cannot be done, it cannot write.

    The folder is named by `.`, since a name may hold what separates options.
    """
    _memory(orders.private, f"size={orders.disk},mode=700")
    upper, work = f"{orders.private}/upper", f"{orders.private}/work"
    os.mkdir(upper)  # noqa: PTH102  # as above
    os.mkdir(work)  # noqa: PTH102  # as above
    os.chdir(orders.project)
    with suppress(OSError):
        layers = f"lowerdir=.,upperdir={upper},workdir={work},userxattr"
        system.mount("overlay", orders.project, "overlay", _CLOSED, layers)
    os.chdir("/")


def _new_proc() -> None:
    """Show no process of the machine: their environments could be read, since they are the same user's."""
    try:
        system.mount("proc", "/proc", "proc", _CLOSED | system.MS_NOEXEC)
    except OSError:
        # A container that shows a part of its own only lets nobody mount a whole one.
        _memory("/proc", "size=4k,mode=555")


def _loopback() -> None:
    """Let a process speak to itself: the SDK serves transformations and hooks on 127.0.0.1."""
    request = struct.pack("16sh14x", b"lo", _IFF_UP | _IFF_RUNNING)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, _SIOCSIFFLAGS, request)


def drop_powers() -> None:
    """Give up what the first process may do: nobody uncovers what is hidden. Raises `OSError`."""
    system.prctl(system.PR_SET_NO_NEW_PRIVS, 1)
    for power in range(64):
        try:
            system.prctl(system.PR_CAPBSET_DROP, power)
        except OSError as error:
            if error.errno != errno.EINVAL:
                raise
            return
