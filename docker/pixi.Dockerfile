ARG BASE=ubuntu:24.04@sha256:4fbb8e6a8395de5a7550b33509421a2bafbc0aab6c06ba2cef9ebffbc7092d90
ARG PIXI_VERSION=0.75.0
ARG PIXI_URL=https://github.com/prefix-dev/pixi/releases/download
ARG PIXI_SHA256_AMD64=bcd825d62905c29b3c754b71f9cdc9d6f119454398f58330f111a7b6a0de0a3f
ARG PIXI_SHA256_ARM64=6476588859faa7232def49ff590f199390bd93fae3826617596befc52382724f

FROM ${BASE} AS runtime
RUN set -eu; \
    apt-get update; \
    DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends ca-certificates tini; \
    rm -rf /var/lib/apt/lists/*

FROM runtime AS download
ARG TARGETARCH
ARG PIXI_VERSION
ARG PIXI_URL
ARG PIXI_SHA256_AMD64
ARG PIXI_SHA256_ARM64
RUN set -eu; \
    apt-get update; \
    DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends curl
# Not every builder sets TARGETARCH.
RUN set -eu; \
    arch="${TARGETARCH:-$(dpkg --print-architecture)}"; \
    case "$arch" in \
      amd64) machine=x86_64; sha256="$PIXI_SHA256_AMD64" ;; \
      arm64) machine=aarch64; sha256="$PIXI_SHA256_ARM64" ;; \
      *) echo "no pixi release is pinned for $arch" >&2; exit 1 ;; \
    esac; \
    curl --fail --silent --show-error --location --retry 3 --output /tmp/pixi.tar.gz \
      "$PIXI_URL/v$PIXI_VERSION/pixi-$machine-unknown-linux-musl.tar.gz"; \
    echo "$sha256  /tmp/pixi.tar.gz" | sha256sum --check --strict -; \
    mkdir /opt/pixi; \
    tar -xzf /tmp/pixi.tar.gz --no-same-owner -C /opt/pixi; \
    chmod 0755 /opt/pixi/pixi

FROM runtime
ARG PIXI_VERSION
ARG USER_ID=1000
# Ubuntu's image comes with a user of its own at 1000, the id that most bind-mounted workspaces belong to.
# The cache directories exist, and are the user's, because a new volume takes its owner from what it covers.
RUN set -eu; \
    taken="$(getent passwd "$USER_ID" | cut -d: -f1)"; \
    if [ -n "$taken" ]; then userdel --remove "$taken"; fi; \
    groupadd --gid "$USER_ID" app; \
    useradd --uid "$USER_ID" --gid app --create-home --shell /bin/bash app; \
    install -d -o app -g app /workspace /home/app/.pixi /home/app/.cache /home/app/.cache/pixi
COPY --from=download /opt/pixi/pixi /usr/local/bin/pixi
USER ${USER_ID}:${USER_ID}
ENV PIXI_HOME=/home/app/.pixi \
    PIXI_CACHE_DIR=/home/app/.cache/pixi \
    PATH=$PATH:/home/app/.pixi/bin
WORKDIR /workspace
RUN set -eu; \
    found="$(pixi --version)"; \
    if [ "$found" != "pixi $PIXI_VERSION" ]; then echo "expected pixi $PIXI_VERSION, found $found" >&2; exit 1; fi

ARG SOURCE=
ARG REVISION=
LABEL org.opencontainers.image.title="pixi" \
      org.opencontainers.image.description="pixi, run by a non-root user under an init" \
      org.opencontainers.image.version="${PIXI_VERSION}" \
      org.opencontainers.image.licenses="BSD-3-Clause" \
      org.opencontainers.image.source="${SOURCE}" \
      org.opencontainers.image.revision="${REVISION}"
# The command is left to the image built on this one: a server that starts pixi itself needs the init just as much.
ENTRYPOINT ["/usr/bin/tini", "--"]
CMD ["pixi", "--help"]
