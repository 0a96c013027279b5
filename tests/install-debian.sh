#!/bin/sh
# Installs Debian's chromium and Chinese fonts for the browser tests and Java for Spark's, where they are missing and can be installed;
# with "full", LibreOffice too: Calc saves workbooks in old formats, Writer tells on how many pages a document stands.
set -eu
missing=""
command -v chromium >/dev/null 2>&1 || missing="$missing chromium"
command -v nginx >/dev/null 2>&1 || missing="$missing nginx-light"
fc-list 2>/dev/null | grep -q "Noto Sans CJK" || missing="$missing fonts-noto-cjk"
command -v java >/dev/null 2>&1 || missing="$missing openjdk-17-jre-headless"
[ "${1:-}" != full ] || command -v soffice >/dev/null 2>&1 || missing="$missing libreoffice-calc"
[ "${1:-}" != full ] || [ -e /usr/lib/libreoffice/program/libswlo.so ] || missing="$missing libreoffice-writer"
[ -n "$missing" ] || exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  apt-get update -qq
  # Newer Debians have another Java, which Spark 4 runs on too.
  apt-cache show openjdk-17-jre-headless >/dev/null 2>&1 || missing=$(echo "$missing" | sed s/openjdk-17-jre-headless/default-jre-headless/)
  # shellcheck disable=SC2086
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing fontconfig >/dev/null
else
  echo "The tests need Debian's$missing: apt-get install$missing" >&2
fi
