"""A real IMAP and POP3 server on loopback with one mailbox, into which a test puts messages."""

import grp
import os
import pwd
import shutil
from types import TracebackType
from typing import Self

from parts.leftovers import remove, scratch_folder
from parts.ports import free_port
from parts.processes import Process, listening, program, start

USER, PASSWORD = "bounces@gov.example", "geheim"

_CONFIG = """\
base_dir = {folder}/run
state_dir = {folder}/run
log_path = /dev/stderr
protocols = imap pop3
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
default_internal_user = {inner}
default_internal_group = {group}
default_login_user = {login}
mail_location = maildir:{folder}/mail
first_valid_uid = 1
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={owner} gid={mail_group} home={folder}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service pop3-login {{
  chroot =
  inet_listener pop3 {{
    port = {pop3_port}
  }}
  inet_listener pop3s {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""


class Dovecot:
    """The server, from ``start()``, or ``with``, to ``stop()``."""

    def __init__(self) -> None:
        self.port = free_port()
        self.pop3_port = free_port()
        self._folder = scratch_folder("dovecot")
        self._new = self._folder / "mail" / "new"
        self._process: Process | None = None
        self._count = 0
        for name in ("new", "cur", "tmp"):
            (self._folder / "mail" / name).mkdir(parents=True)
        owner = _owner()
        if os.geteuid() == 0:
            self._folder.chmod(0o755)
            for path in (self._folder / "mail", *(self._folder / "mail").iterdir()):
                shutil.chown(path, owner.pw_name)
        text = _CONFIG.format(
            folder=self._folder,
            port=self.port,
            pop3_port=self.pop3_port,
            inner=_account("dovecot", owner),
            login=_account("dovenull", owner),
            owner=owner.pw_name,
            group=_group(owner),
            mail_group=owner.pw_gid,
            password=PASSWORD,
        )
        (self._folder / "dovecot.conf").write_text(text, encoding="ascii")

    @property
    def url(self) -> str:
        """The mailbox's address, as the settings take it."""
        return f"imap://{USER.replace('@', '%40')}:{PASSWORD}@127.0.0.1:{self.port}/INBOX"

    @property
    def pop3_url(self) -> str:
        """The same mailbox over POP3."""
        return f"pop3://{USER.replace('@', '%40')}:{PASSWORD}@127.0.0.1:{self.pop3_port}"

    def put(self, *messages: bytes) -> None:
        """Let messages arrive."""
        for content in messages:
            self._count += 1
            path = self._folder / "mail" / "tmp" / f"{self._count}.test"
            path.write_bytes(content)
            if os.geteuid() == 0:
                shutil.chown(path, _owner().pw_name)
            path.rename(self._new / path.name)

    def kept(self) -> int:
        """How many messages lie in the mailbox."""
        return sum(len(list((self._folder / "mail" / name).iterdir())) for name in ("new", "cur"))

    def start(self) -> None:
        """Be there; nothing happens if it is."""
        if self._process:
            return
        self._process = start(
            [program("dovecot", "dovecot-imapd"), "-F", "-c", str(self._folder / "dovecot.conf")],
            name="dovecot",
            ready=lambda _: listening(self.port),
        )

    def stop(self) -> None:
        """Be away: nobody listens at ``port``."""
        if self._process:
            self._process.stop()
            self._process = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
        remove(self._folder)


def _owner() -> pwd.struct_passwd:
    """Who owns the mailbox: the server refuses to read one for root."""
    return pwd.getpwnam("mail") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())


def _account(name: str, owner: pwd.struct_passwd) -> str:
    """The server's own account, where it can change to it."""
    return name if os.geteuid() == 0 else owner.pw_name


def _group(owner: pwd.struct_passwd) -> str:
    return "dovecot" if os.geteuid() == 0 else grp.getgrgid(owner.pw_gid).gr_name
