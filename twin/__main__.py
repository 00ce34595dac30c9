"""python -m twin <verb>: raise, look at, disturb and remove the digital twin of a site."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence

from gatekit.errors import GatekitError, IntentRefused
from twin import cable, lifecycle, podman, readiness, spare
from twin.demo import MACHINE_PACKAGES, demo
from twin.image_build import build_images
from twin.image_catalogue import DERIVED, Image
from twin.layout import topology
from twin.mirror import build_mirror
from twin.naming import container_name
from twin.progress import Progress

type Verb = Callable[[argparse.Namespace, Progress], int | None]


def _up(arguments: argparse.Namespace, progress: Progress) -> None:
    lifecycle.up(arguments.site, progress, replace=arguments.replace)


def _down(arguments: argparse.Namespace, progress: Progress) -> None:
    lifecycle.down(arguments.site, progress, keep_images=arguments.keep_images)


def _status(arguments: argparse.Namespace, _: Progress) -> None:
    rows = lifecycle.status(arguments.site)
    width = max(len(row.name) for row in rows)
    for row in rows:
        print(f"{row.name:<{width}}  {row.address:<16} {row.image:<10} {row.state}")


def _images(arguments: argparse.Namespace, progress: Progress) -> None:
    if arguments.print:
        print(build_images(progress, [Image(arguments.print)])[Image(arguments.print)])
        return
    for tag in build_images(progress).values():
        print(tag)


def _mirror(_: argparse.Namespace, progress: Progress) -> None:
    print(build_mirror(progress))


def _cable(arguments: argparse.Namespace, progress: Progress) -> None:
    act = {"cut": cable.cut, "restore": cable.restore}[arguments.action]
    act(arguments.site, arguments.host, arguments.network)
    progress.say(f"{arguments.host}: {arguments.network} {arguments.action}")


def _swap(arguments: argparse.Namespace, progress: Progress) -> None:
    plan = lifecycle.plan_of(arguments.site)
    spare.swap(arguments.site, topology(arguments.site, plan).host(spare.SPARE))
    progress.say("the main CPE has no power any more; the spare has")


def _console(arguments: argparse.Namespace, _: Progress) -> None:
    """Speak SSH with a host by its own sshd on standard input, as over a console cable."""
    pid = podman.process_id(container_name(arguments.site, arguments.host))
    command = readiness.inside(pid, "/usr/sbin/sshd", "-i")
    os.execvp(command[0], command)  # noqa: S606 - becomes it: no shell, no parent in between


def _packages(_: argparse.Namespace, __: Progress) -> None:
    print("\n".join(MACHINE_PACKAGES))


def _demo(arguments: argparse.Namespace, progress: Progress) -> int:
    if arguments.down:
        lifecycle.down_all(progress)
        return 0
    return demo(arguments.site, progress, replace=arguments.replace, verbose=arguments.verbose)


def parser() -> argparse.ArgumentParser:
    """Return the command line's grammar."""
    top = argparse.ArgumentParser(prog="python -m twin", description=__doc__)
    verbs = top.add_subparsers(required=True, metavar="verb")

    def verb(name: str, does: Verb, text: str) -> argparse.ArgumentParser:
        one = verbs.add_parser(name, help=text, description=text)
        one.set_defaults(verb=does)
        return one

    one = verb("up", _up, "Make the twin of a site be up and ready.")
    one.add_argument("site", nargs="?", default="pattern4")
    one.add_argument("--replace", action="store_true", help="take down another twin with the same addresses")
    one = verb("down", _down, "Remove everything of a twin from this machine; build/ stays.")
    one.add_argument("site", nargs="?", default="pattern4")
    one.add_argument("--keep-images", action="store_true", help="leave the images, so that the next up is quick")
    one = verb("status", _status, "Say of each host whether it is ready.")
    one.add_argument("site", nargs="?", default="pattern4")
    one = verb("images", _images, "Build the images that are missing and print their tags.")
    one.add_argument("--print", metavar="IMAGE", choices=[str(image) for image in DERIVED], help="only this one")
    verb("mirror", _mirror, "Build the package mirror when it is missing and print its folder.")
    verb("packages", _packages, "Print the machine's packages that the twin wants, one a line.")
    one = verb("demo", _demo, "Raise the twin and run the main job on it.")
    one.add_argument("site", nargs="?", default="pattern4")
    one.add_argument("--replace", action="store_true", help="take down another twin with the same addresses")
    one.add_argument(
        "--down", action="store_true", help="remove every twin and its images instead, whichever site it is of"
    )
    one.add_argument("-v", dest="verbose", action="store_true", help="let the job say more")
    one = verb("swap", _swap, "Cut the main CPE's power and put the spare in its place.")
    one.add_argument("site", nargs="?", default="pattern1")
    one = verb("console", _console, "Speak SSH with a host on standard input, past every network.")
    one.add_argument("host")
    one.add_argument("--site", default="pattern4")
    one = verb("cable", _cable, "Pull or plug one cable.")
    one.add_argument("action", choices=["cut", "restore"])
    one.add_argument("host")
    one.add_argument("network")
    one.add_argument("--site", default="pattern4")
    return top


def main(words: Sequence[str] | None = None) -> int:
    """Run one verb; return 0, or 1 after printing what the user can put right."""
    arguments = parser().parse_args(words)
    verb: Verb = arguments.verb
    try:
        return verb(arguments, Progress()) or 0
    except (GatekitError, IntentRefused) as refused:
        print(refused, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
