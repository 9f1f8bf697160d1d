# Xinsheng 心声 in a container: docker build -t xinsheng . && docker run -p 127.0.0.1:8000:8000 -v xinsheng:/data xinsheng
FROM python:3.11-slim

ENV PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1 XINSHENG_DATA=/data NUMBA_CACHE_DIR=/tmp/numba

RUN useradd --create-home --uid 10001 xinsheng && mkdir /data && chown xinsheng /data

WORKDIR /srv/xinsheng
# Torch first: it is large and changes rarely. The default build brings CUDA; name an index with CPU builds to avoid it:
# docker build --build-arg TORCH_INDEX=<address of an index with CPU builds> …
ARG TORCH_INDEX=
RUN pip install ${TORCH_INDEX:+--index-url "$TORCH_INDEX"} "torch>=2.6,<2.14"
COPY pyproject.toml README.md LICENSE ./
COPY app app
COPY models models
COPY pipelines pipelines
RUN pip install .

USER xinsheng
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/api/v1/health', timeout=4)"]
# Inside a container 0.0.0.0 is only what the container shows: publish the port on 127.0.0.1 as above, there are no
# accounts yet.
CMD ["xinsheng", "serve", "--host", "0.0.0.0", "--port", "8000", "--allow-anyone"]
