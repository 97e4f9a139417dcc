#!/bin/sh
# Fills in .env for `docker compose up`: .env.example with secrets made up, for production. Needs no Node. What has a
# value stays, so that it may run again.
set -eu
cd "$(dirname "$0")/.."
umask 077

# What a line that sets a variable begins with, for Compose and for Node.
sets() { echo "^[[:space:]]*(export[[:space:]]+)?$1[[:space:]]*=[[:space:]]*"; }

# The value of a variable: that of the last line that sets it. A comment is none.
value() {
  grep -E "$(sets "$1")" .env | tail -n 1 |
    sed -E "s/$(sets "$1")//; s/^(#|''|\"\").*//; s/[[:space:]]*$//; s/^([\"'])(.*)[\"']$/\2/"
}

# Sets a variable where it was set last, else where it is commented out, else at the end.
write() {
  at=$(grep -En "$(sets "$1")" .env | tail -n 1 | cut -d : -f 1)
  [ "$at" ] || at=$(grep -En "^# $1=" .env | head -n 1 | cut -d : -f 1)
  awk -v at="$at" -v line="$1=$2" '
    NR == at { print line; next }
    { print }
    END { if (!at) print line }' .env >.env.new
  mv .env.new .env
  echo "$1: $3"
}

random() { od -An -N "$1" -tx1 /dev/urandom | tr -d ' \n'; }

[ -e .env ] || cp .env.example .env
chmod 600 .env
# Only where nobody has been yet: whoever has a key has chosen an environment.
if [ -z "$(value SECRET_KEY)" ] && [ "$(value ENVIRONMENT)" = local ]; then write ENVIRONMENT production production; fi
# Samples that it starts with: mail goes to the service `mail`, which shows it instead of sending it.
for sample in FRONTEND_URL=https://localhost 'SMTP_URL=smtp://mail:1025?starttls=never' MAIL_FROM=no-reply@example.com; do
  variable=${sample%%=*}
  if [ "$(value "$variable")" ]; then
    echo "$variable: kept"
  else
    write "$variable" "${sample#*=}" 'a sample, in .env: set yours'
  fi
done
for variable in SECRET_KEY POSTGRES_PASSWORD REDIS_PASSWORD ADMIN_PASSWORD; do
  if [ "$(value "$variable")" ]; then
    echo "$variable: kept"
  else
    write "$variable" "$(random 32)" 'made up, in .env'
  fi
done
