# The tool with git, which it asks what a work tree tracks. Run it on a folder:
#   docker run --rm -v "$PWD:/work" sidecar-migrate --dry-run
FROM python:3.12-slim AS build
COPY . /source
RUN python -m venv /opt/sidecar-migrate && /opt/sidecar-migrate/bin/pip install --no-cache-dir /source

FROM python:3.12-slim
RUN apt-get update && apt-get install -y --no-install-recommends git && rm -rf /var/lib/apt/lists/* \
    && useradd --create-home --uid 10001 migrate \
    # The folder that is mounted belongs to somebody else.
    && git config --system --add safe.directory '*'
COPY --from=build /opt/sidecar-migrate /opt/sidecar-migrate
ENV PATH=/opt/sidecar-migrate/bin:$PATH PYTHONDONTWRITEBYTECODE=1
USER migrate
WORKDIR /work
ENTRYPOINT ["sidecar-migrate"]
