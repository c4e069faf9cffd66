#!/bin/sh
# NAME_FILE names a file that holds NAME: secrets stand in files, not in what `docker inspect` shows.
set -eu
for name in DATABASE_URL PGPASSWORD ASSAY_TOKEN ASSAY_SOURCE_URL JUPYTER_TOKEN; do
  file=$(printenv "${name}_FILE" || true)
  [ -n "$file" ] || continue
  value=$(cat "$file")
  export "$name=$value"
  unset "${name}_FILE"
done
exec "$@"
