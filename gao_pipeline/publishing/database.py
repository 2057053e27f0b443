"""The database that releases go to as well, where one is set. Its driver comes with the extra `postgres`."""

from __future__ import annotations

from pydantic import SecretStr

from gao_pipeline.publishing.release import Release, ReleaseError


def publish_to_database(release: Release, url: SecretStr | None) -> None:
    """Publishes `release` into the PostgreSQL database at `url`; does nothing where none is set.

    Raises:
        ReleaseError: the driver is not installed, or as `publish_postgres`.
    """
    if url is None:
        return
    try:
        from gao_pipeline.publishing.postgres import publish_postgres
    except ModuleNotFoundError as error:
        raise ReleaseError("GAO_POSTGRES_URL is set: install the extra `postgres`") from error
    publish_postgres(release, url.get_secret_value())
