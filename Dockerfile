# syntax=docker/dockerfile:1
FROM python:3.13-slim-bookworm AS build
WORKDIR /src
RUN python -m venv /opt/streamsrv
COPY requirements.lock pyproject.toml README.md LICENSE ./
RUN /opt/streamsrv/bin/pip install --no-cache-dir --require-hashes -r requirements.lock
COPY streamsrv ./streamsrv
RUN /opt/streamsrv/bin/pip install --no-cache-dir --no-deps --no-build-isolation .

FROM python:3.13-slim-bookworm
RUN useradd --system --uid 10001 --no-create-home streamsrv \
    && mkdir -p /srv/streamsrv/var /srv/streamsrv/segments \
    && chown -R streamsrv: /srv/streamsrv
COPY --from=build /opt/streamsrv /opt/streamsrv
COPY config /srv/streamsrv/config
USER 10001
WORKDIR /srv/streamsrv
ENV PATH=/opt/streamsrv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    STREAMSRV_SERVER_HOST=0.0.0.0
EXPOSE 8080
VOLUME ["/srv/streamsrv/var", "/srv/streamsrv/segments"]
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8081/healthz', timeout=2)"]
ENTRYPOINT ["streamsrv"]
CMD ["serve"]
