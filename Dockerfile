# An image whose command is `salesqc`; a firm's folder (params, data, output) is mounted at /firm.
#   docker build -t salesqc . && docker run --rm -v "$PWD:/firm" -u "$(id -u):$(id -g)" salesqc render --all --period last-month
FROM python:3.12-slim
WORKDIR /opt/salesqc
COPY locks/run.txt locks/run.txt
RUN pip install --no-cache-dir --require-hashes -r locks/run.txt
COPY . .
RUN pip install --no-cache-dir --no-deps . && rm -rf /opt/salesqc/*
ENV HOME=/tmp MPLCONFIGDIR=/tmp/matplotlib
WORKDIR /firm
ENTRYPOINT ["salesqc"]
CMD ["--help"]
