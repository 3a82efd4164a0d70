"""Contents in a bucket of storage that speaks S3; loaded only where the settings name one."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import IO, Any, Self, cast
from urllib.parse import parse_qs, unquote, urlsplit

import boto3
import structlog
from boto3.s3.transfer import TransferConfig
from botocore.client import Config
from botocore.exceptions import BotoCoreError, ClientError
from flask_babel import gettext as _

from config.errors import NotFound, StorageFull, Unavailable

_FULL = frozenset({"507", "InsufficientStorage", "QuotaExceeded", "XMinioStorageFull"})
_ABSENT = frozenset({"404", "NoSuchKey"})

log = structlog.get_logger(__name__)


class S3Store:
    """Contents as objects; the address is ``s3://KEY:SECRET@host[:port]/bucket?region=&tls=0``."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        wishes = parse_qs(parts.query)
        scheme = "http" if wishes.get("tls") == ["0"] else "https"
        host = parts.netloc.rpartition("@")[2]
        self._bucket = parts.path.strip("/")
        self._client: Any = boto3.client(
            "s3",
            endpoint_url=f"{scheme}://{host}",
            region_name=wishes.get("region", ["us-east-1"])[0],
            aws_access_key_id=unquote(parts.username or ""),
            aws_secret_access_key=unquote(parts.password or ""),
            config=Config(
                connect_timeout=10,
                read_timeout=60,
                retries={"max_attempts": 3},
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
                s3={"addressing_style": "path"},
            ),
        )

    def put(self, key: str, content: IO[bytes]) -> None:
        """Keep all of ``content``; an object appears whole or not at all."""
        with _told():
            self._client.upload_fileobj(
                Unclosed(content), self._bucket, key, Config=TransferConfig(use_threads=False)
            )

    def open(self, key: str) -> IO[bytes]:
        """The object for reading; raises NotFound."""
        with _told():
            found = self._client.get_object(Bucket=self._bucket, Key=key)["Body"]
        return cast(IO[bytes], Content(found))

    def delete(self, key: str) -> None:
        """Forget an object; one that is not there is forgotten already."""
        with _told():
            self._client.delete_object(Bucket=self._bucket, Key=key)

    def keys(self, prefix: str, before: datetime) -> Iterator[str]:
        """The keys under ``prefix`` that were written before that moment."""
        with _told():
            pages = self._client.get_paginator("list_objects_v2").paginate(
                Bucket=self._bucket, Prefix=f"{prefix}/"
            )
            for page in pages:
                for one in page.get("Contents", []):
                    if one["LastModified"] < before:
                        yield one["Key"]


class Unclosed:
    """A file that whoever reads it can't close: it is its owner's to close."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        return self._file.read(size)


class Content:
    """An object that is being read; a line that breaks meanwhile is told as any other failure."""

    def __init__(self, body: Any) -> None:
        self._body = body

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_failure: object) -> None:
        self.close()

    def read(self, size: int = -1) -> bytes:
        """The next bytes, all that are left without ``size``; raises Unavailable."""
        with _told():
            return bytes(self._body.read(size if size >= 0 else None))

    def close(self) -> None:
        """Read no more of it."""
        self._body.close()


@contextmanager
def _told() -> Iterator[None]:
    """Failures of the storage in the words of this service."""
    try:
        yield
    except ClientError as error:
        code = str(error.response.get("Error", {}).get("Code"))
        if code in _ABSENT:
            raise NotFound from error
        if code in _FULL:
            log.error("storage_full", exc_info=error)
            raise StorageFull from error
        raise _away(error) from error
    except BotoCoreError as error:
        raise _away(error) from error


def _away(error: Exception) -> Unavailable:
    log.error("storage_unreachable", exc_info=error)
    return Unavailable(
        _("存放文件的存储现在连不上。"),
        hint=_("请稍候片刻再试一次；仍然不行，请告诉系统管理员。"),
    )
