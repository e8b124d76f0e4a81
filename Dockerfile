# Research Hub as a container: no compiler, no root, nothing written outside /data and /tmp.
# See docs/postgresql.md and compose.yaml. Both stages must name the same image.
FROM python:3.13-slim-trixie AS build

WORKDIR /source
RUN python -m venv /opt/research-hub
COPY constraints.txt setup.cfg setup.py pyproject.toml README.md LICENSE ./
COPY insights insights
COPY search_index search_index
COPY research_hub research_hub
COPY templates templates
RUN /opt/research-hub/bin/pip install --no-cache-dir --disable-pip-version-check -c constraints.txt .


FROM python:3.13-slim-trixie

RUN useradd --system --uid 10001 --user-group --home-dir /data --no-create-home --shell /usr/sbin/nologin hub \
    && install --directory --owner=hub --group=hub --mode=750 /data
COPY --from=build /opt/research-hub /opt/research-hub

ENV PATH=/opt/research-hub/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    RESEARCH_HUB_DATA=/data \
    HOST=0.0.0.0 \
    PORT=8000

USER hub
WORKDIR /data
VOLUME ["/data"]
EXPOSE 8000

# The application answers to trusted hosts alone, so the question must come in the name of one.
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import http.client, research_hub.config as config; settings = config.Settings(); hub = http.client.HTTPConnection('127.0.0.1', settings.port, timeout=4); hub.request('GET', '/healthz', headers={'Host': settings.hosts[0]}); raise SystemExit(hub.getresponse().status != 200)"]

# init does nothing where all is set up; after an upgrade it brings the database to the new version.
CMD ["sh", "-c", "research-hub init && exec research-hub serve"]
