ARG BASE=python:3.12-slim@sha256:78387bc3881b8273120a12ebe6c1ab22b018ccc2c9adf565ae1ac9b536e184ea
ARG UV_VERSION=0.13.9
ARG UV_INDEX_URL=https://pypi.org/simple
ARG UV_SHA256_AMD64=d7f459fe4fd247d830351c75686d3996ace3c6f3f728eb0e85a30b7ada0cef19
ARG UV_SHA256_ARM64=5435c5ce14a56431208ca0996416d310f1598e8c2c8ba707688985a16bb82dbe

FROM ${BASE} AS download
ARG TARGETARCH
ARG UV_VERSION
ARG UV_INDEX_URL
ARG UV_SHA256_AMD64
ARG UV_SHA256_ARM64
# Not every builder sets TARGETARCH.
RUN set -eu; \
    arch="${TARGETARCH:-$(dpkg --print-architecture)}"; \
    case "$arch" in \
      amd64) sha256="$UV_SHA256_AMD64" ;; \
      arm64) sha256="$UV_SHA256_ARM64" ;; \
      *) echo "no uv wheel is pinned for $arch" >&2; exit 1 ;; \
    esac; \
    echo "uv==$UV_VERSION --hash=sha256:$sha256" > /tmp/requirements.txt; \
    python3 -m pip install --no-cache-dir --disable-pip-version-check --index-url "$UV_INDEX_URL" \
      --no-deps --only-binary :all: --require-hashes --target /opt/uv -r /tmp/requirements.txt

FROM ${BASE}
RUN set -eu; \
    apt-get update; \
    DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends ca-certificates tini; \
    rm -rf /var/lib/apt/lists/*
ARG UV_VERSION
ARG USER_ID=1000
# The cache directories exist, and are the user's, because a new volume takes its owner from what it covers.
RUN set -eu; \
    taken="$(getent passwd "$USER_ID" | cut -d: -f1)"; \
    if [ -n "$taken" ]; then userdel --remove "$taken"; fi; \
    groupadd --gid "$USER_ID" app; \
    useradd --uid "$USER_ID" --gid app --create-home --shell /bin/bash app; \
    install -d -o app -g app /workspace /home/app/.local /home/app/.local/bin /home/app/.cache /home/app/.cache/uv
COPY --from=download /opt/uv/bin/uv /usr/local/bin/uv
USER ${USER_ID}:${USER_ID}
# A cache in a volume and a mounted workspace are two file systems, between which uv cannot link.
ENV UV_CACHE_DIR=/home/app/.cache/uv \
    UV_LINK_MODE=copy \
    PATH=$PATH:/home/app/.local/bin
WORKDIR /workspace
RUN set -eu; \
    found="$(uv --version)"; \
    case "$found" in \
      "uv $UV_VERSION" | "uv $UV_VERSION "*) ;; \
      *) echo "expected uv $UV_VERSION, found $found" >&2; exit 1 ;; \
    esac

ARG SOURCE=
ARG REVISION=
LABEL org.opencontainers.image.title="uv" \
      org.opencontainers.image.description="uv and Python, run by a non-root user under an init" \
      org.opencontainers.image.version="${UV_VERSION}" \
      org.opencontainers.image.licenses="MIT OR Apache-2.0" \
      org.opencontainers.image.source="${SOURCE}" \
      org.opencontainers.image.revision="${REVISION}"
# The command is left to the image built on this one: a server that starts uv itself needs the init just as much.
ENTRYPOINT ["/usr/bin/tini", "--"]
CMD ["uv", "--help"]
