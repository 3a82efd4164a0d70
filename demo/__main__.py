"""``python -m demo``: tell the story with real parts, count what arrived, fail if it is off."""

import os
import sys
import time

from requests import RequestException

from config.settings import PREFIX
from demo import arrivals
from demo.desk import StoryError
from demo.story import Story
from demo.theatre import opened
from parts.processes import PartError


def main() -> int:
    """The exit status: 0 where every number is right and nothing was complained of."""
    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        del os.environ[name]  # the story has settings of its own
    print("Starting PostgreSQL, a mail server, an SMS gateway with its phones, web and worker")
    with opened() as theatre:
        story = Story(theatre)
        try:
            for title, chapter in story.chapters():
                began = time.monotonic()
                chapter()
                print(f"{time.monotonic() - began:6.1f} s  {title}", flush=True)
        except (StoryError, PartError, RequestException) as error:
            print(f"The story broke off: {error}", file=sys.stderr)
            complaints = theatre.complaints()
            print(*complaints[:10], sep="\n", file=sys.stderr)
            return 1
        print()
        is_right = arrivals.table(story.rows)
        complaints = theatre.complaints()
        print(*complaints[:10], sep="\n", file=sys.stderr)
    print("Every number is right." if is_right and not complaints else "Something is off.")
    return 0 if is_right and not complaints else 1


if __name__ == "__main__":
    sys.exit(main())
