#!/bin/sh
# Fills in .env for `docker compose up`: .env.example with secrets made up, for production. Needs no Node. What has a
# value stays, so that it may run again.
set -eu
cd "$(dirname "$0")/.."
umask 077

# Whether a variable has a value.
has() { grep -Eq "^$1=[\"']*[^\"' ]" .env; }

# Sets a variable where it stands, empty or commented out, or at the end.
write() {
  place="^# $1="
  if grep -q "^$1=" .env; then place="^$1="; fi
  awk -v place="$place" -v line="$1=$2" '
    $0 ~ place { print line; found = 1; next }
    { print }
    END { if (!found) print line }' .env >.env.new
  mv .env.new .env
  echo "$1: $3"
}

random() { od -An -N "$1" -tx1 /dev/urandom | tr -d ' \n'; }

[ -e .env ] || cp .env.example .env
chmod 600 .env
# Only where nobody has been yet: whoever has a key has chosen an environment.
if ! has SECRET_KEY && grep -q '^ENVIRONMENT=local$' .env; then write ENVIRONMENT production production; fi
for variable in SECRET_KEY POSTGRES_PASSWORD ADMIN_PASSWORD; do
  if has "$variable"; then
    echo "$variable: kept"
  else
    write "$variable" "$(random 32)" 'made up, in .env'
  fi
done
