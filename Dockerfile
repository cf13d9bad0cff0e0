# The command resnet in an image: docs/docker.md says how to build it and run it.
# TensorFlow is set up while the image is built, so that a container needs no network, no compiler and no pip.

# 1. The package, from a clone. TensorFlow is not needed to compile and to pack.
FROM node:24.21.0-trixie-slim AS package
ENV RESNET_RUNTIME=none
WORKDIR /source
COPY . .
RUN npm ci && mkdir /package && npm run pack -- /package

# 2. The installed tool, and TensorFlow: pip fetches it, and g++ compiles what calls it.
FROM node:24.21.0-trixie-slim AS installed
# The versions of Debian's packages are those of the release: older ones are no longer served.
# hadolint ignore=DL3008
RUN apt-get update \
  && apt-get install --yes --no-install-recommends g++ python3 python3-pip \
  && rm -rf /var/lib/apt/lists/*
COPY --from=package /package /package
RUN npm install --global /package/*.tgz
# cpu, or gpu for NVIDIA's GPUs (linux/amd64 only).
ARG RUNTIME=cpu
ENV RESNET_CACHE=/opt/resnet
RUN RESNET_RUNTIME="$RUNTIME" resnet setup \
  && mkdir /opt/resnet/data \
  && chmod 1777 /opt/resnet/data

# 3. What runs: Node, the tool, and its cache, of which all but the decoded pictures is only read.
FROM node:24.21.0-trixie-slim
ENV RESNET_CACHE=/opt/resnet
ENV NVIDIA_DRIVER_CAPABILITIES=compute,utility
COPY --from=installed /usr/local/lib/node_modules/resnet /usr/local/lib/node_modules/resnet
COPY --from=installed /opt/resnet /opt/resnet
RUN ln -s ../lib/node_modules/resnet/bin/resnet.js /usr/local/bin/resnet \
  && mkdir /work \
  && chown 1000:1000 /work
USER 1000:1000
WORKDIR /work
ENTRYPOINT ["resnet"]
CMD ["--help"]
